/** The SQL of erasures: the requests, the kept records, and the answers of services. */
import type { Queryable, Tx } from '#platform/database/database'
import type { Open, Retained } from '../domain/erasure.ts'

export interface Erasure {
  readonly customer_id: number
  readonly person_id: string
  readonly requested_at: Date
  /** A role and a subject, as the token named them. */
  readonly requested_by: string
  readonly retained: readonly Retained[]
  readonly keep_until: Date | null
  /** Matters that must be settled first; null once the person is erased. */
  readonly open_account: readonly Open[] | null
  readonly records_id: string | null
  readonly records_erased_at: Date | null
  /** When the other services were last told; null once all have answered, or before any was told. */
  readonly told_at: Date | null
}

export interface ErasureAnswer {
  readonly erasure_id: string
  readonly service: string
  readonly at: Date
}

/** How many services must answer. */
const SERVICES = 4

const COLUMNS = `customer_id, person_id, requested_at, requested_by, retained, keep_until, open_account, records_id, records_erased_at, told_at`

/**
 * Whether a purchase of theirs is in progress: a hold that is neither released nor the price of a completed purchase.
 * Call it after the customer is locked: only then do their holds stay as they are, and no new one can come.
 */
export async function hasPurchaseInProgress(tx: Tx, customer_id: number): Promise<boolean> {
  const found = await tx.query(
    `select from credit_holds hold where customer_id = $1 and status = 'held' and not exists (
       select from vehicle_catalogue where buyer_id = $1 and transaction_id = hold.transaction_id) limit 1`,
    [customer_id],
  )
  return found.length > 0
}

/** Whether a purchase of theirs stands. Call it after the customer is locked. */
export async function hasBought(tx: Tx, customer_id: number): Promise<boolean> {
  const found = await tx.query(`select from credit_holds where customer_id = $1 and status = 'held' limit 1`, [
    customer_id,
  ])
  return found.length > 0
}

/** Stores a request, a later look, or the erasure itself. The other services are told once no matter is open. */
export async function keepErasure(tx: Tx, erasure: Erasure, now: Date): Promise<void> {
  const { customer_id, person_id, requested_at, requested_by, retained, keep_until, open_account } = erasure
  await tx.query(
    `insert into customer_erasures (customer_id, person_id, requested_at, requested_by, retained, keep_until, open_account,
       told_at, look_at)
     values ($1, $2, $3, $4, $5, $6, $7::jsonb, case when $7::jsonb is null then $8::timestamptz end,
       case when $7::jsonb is not null then $8::timestamptz + ${LOOK_AGAIN} end)
     on conflict (customer_id) do update set retained = excluded.retained, keep_until = excluded.keep_until,
       open_account = excluded.open_account, told_at = excluded.told_at, look_at = excluded.look_at`,
    [
      ...[customer_id, person_id, requested_at, requested_by, JSON.stringify(retained), keep_until],
      ...[open_account && JSON.stringify(open_account), now],
    ],
  )
}

/** For a person whose account here is settled, but who has something open at another service. */
const LOOK_AGAIN = `interval '15 seconds'`

/** Waiting people whose money is settled, or of whom nothing can be claimed any more. Those that were taken are not taken again at once. */
export const takeSettled = (tx: Queryable, now: Date, limit: number) =>
  tx.query<Pick<Erasure, 'customer_id' | 'requested_by'>>(
    `update customer_erasures set look_at = $1::timestamptz + ${LOOK_AGAIN} where customer_id in (
       select customer_id from customer_erasures erasure join customers on customers.id = customer_id
       where look_at is not null and ((account_balance_cents = 0 and used_credit_cents = 0
           and (look_at <= $1 or open_account @? '$[*] ? (@.what == "balance" || @.what == "used_credit")'))
         or exists (select from jsonb_to_recordset(retained) as kept(records text, until timestamptz)
           where records = 'open_account' and until <= $1))
       order by look_at limit $2 for update of erasure skip locked)
     returning customer_id, requested_by`,
    [now, limit],
  )

export async function findErasure(tx: Queryable, customer_id: number): Promise<Erasure | undefined> {
  const [erasure] = await tx.query<Erasure>(`select ${COLUMNS} from customer_erasures where customer_id = $1`, [
    customer_id,
  ])
  return erasure
}

export const answersTo = (tx: Queryable, { person_id, records_id }: Erasure) =>
  tx.query<ErasureAnswer>(
    `select erasure_id, service, at from customer_erasure_answers where erasure_id = any($1::uuid[]) order by at, service`,
    [records_id === null ? [person_id] : [person_id, records_id]],
  )

/** Keeps the first answer of each service. Once all have answered, the erasure is not announced again. */
export async function recordAnswers(tx: Tx, service: string, erasure_ids: readonly string[], now: Date): Promise<void> {
  await tx.query(
    `insert into customer_erasure_answers (erasure_id, service, at)
     select distinct id, $2, $3::timestamptz from unnest($1::uuid[]) as id order by 1 on conflict do nothing`,
    [erasure_ids, service, now],
  )
  // if the last two answers come at the same time, neither sees the other: then the erasure is announced and answered once more
  await tx.query(
    `update customer_erasures set told_at = null
     where (person_id = any($1::uuid[]) or records_id = any($1::uuid[])) and told_at is not null and $2 <= (
       select count(*) from customer_erasure_answers where erasure_id = coalesce(records_id, person_id))`,
    [erasure_ids, SERVICES],
  )
}

/** Erasures that were announced before `before` and still lack an answer; marks them as announced again. */
export const takeUnanswered = (tx: Tx, before: Date, now: Date, limit: number) =>
  tx.query<Erasure>(
    `update customer_erasures set told_at = $2 where customer_id in (
       select customer_id from customer_erasures where told_at < $1 order by told_at limit $3 for update skip locked)
     returning ${COLUMNS}`,
    [before, now, limit],
  )

/** Erasures whose records need not be kept any longer, and whose person is gone in every service. */
export const lockOutlived = (tx: Tx, now: Date, limit: number) =>
  tx.query<Erasure>(
    `select ${COLUMNS} from customer_erasures where records_id is null and told_at is null and look_at is null and keep_until < $1
     order by keep_until limit $2 for update skip locked`,
    [now, limit],
  )

/** Customers in a range of ids who have no money here, buy nothing and have done nothing since `before`. */
export async function inactiveCustomers(tx: Queryable, before: Date, after: number, upTo: number, limit: number) {
  const rows = await tx.query<{ id: number }>(
    `select id from customers customer where id > $2 and id <= $3 and status <> 'erased' and updated_at < $1
       and account_balance_cents = 0 and used_credit_cents = 0
       and not exists (select from credit_holds hold where customer_id = customer.id and (updated_at >= $1 or (
         status = 'held' and not exists (
           select from vehicle_catalogue where buyer_id = customer.id and transaction_id = hold.transaction_id))))
       and not exists (select from vehicle_catalogue where buyer_id = customer.id and bought_at >= $1)
     order by id limit $4`,
    [before, after, upTo, limit],
  )
  return rows.map(({ id }) => id)
}

export async function lastCustomer(tx: Queryable): Promise<number> {
  const [row] = await tx.query<{ id: number | null }>(`select max(id) as id from customers`)
  return row?.id ?? 0
}

/** Deletes the records that the law kept. The customer's empty row stays, so that no id is given out twice. */
export async function eraseRecords(tx: Tx, { customer_id }: Erasure, records_id: string, now: Date): Promise<void> {
  await tx.query(`delete from ledger where customer_id = $1`, [customer_id])
  await tx.query(`delete from identity_archive where customer_id = $1`, [customer_id])
  await tx.query(`delete from former_names where customer_id = $1`, [customer_id])
  await tx.query(`delete from credit_holds where customer_id = $1`, [customer_id])
  await tx.query(
    `update vehicle_catalogue set buyer_id = 0, transaction_id = $2, paid_cents = 0, bought_at = $3 where buyer_id = $1`,
    [customer_id, NO_PURCHASE, now],
  )
  await tx.query(
    `update customers set account_balance_cents = 0, used_credit_cents = 0, credit_limit_cents = 0 where id = $1`,
    [customer_id],
  )
  await tx.query(
    `update customer_erasures set records_id = $2, records_erased_at = $3, told_at = $3 where customer_id = $1`,
    [customer_id, records_id, now],
  )
}

/** A sold vehicle stays sold, without a buyer. */
const NO_PURCHASE = '00000000-0000-0000-0000-000000000000'

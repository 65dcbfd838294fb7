/** The SQL of sagas and their history. */
import type { SagaKind, SagaStatus } from '#contracts'
import type { Queryable, Tx } from '#platform/database/database'
import { emptyColumn } from '#platform/database/pg-errors'
import { totalOf } from '#platform/database/total'
import type { Saga, SagaDefinition, Transition } from '#saga'
import type { PurchaseRequest } from '../purchase-saga.ts'
import { amongSalesOf } from '../purchases/sale-store.ts'

export interface StoredSaga extends Saga {
  readonly data: PurchaseRequest & Readonly<Record<string, unknown>>
  /** Sealed; null before the sale, and once the vehicle is picked up. */
  readonly pickup_code: string | null
  readonly created_at: Date
  readonly updated_at: Date
}

const STATE = `transaction_id, definition, version, status, step, attempt, deadline, unwinding, resumptions, data`
export const SAGA_COLUMNS = `${STATE}, pickup_code, created_at, updated_at`

/** Locked in the order of their ids, so that two batches never deadlock. */
export const lockSagas = (tx: Tx, transaction_ids: readonly string[]) =>
  tx.query<Saga>(
    `select ${STATE} from sagas where transaction_id = any($1::uuid[]) order by transaction_id for update`,
    [transaction_ids],
  )

export async function findSaga(tx: Queryable, transaction_id: string): Promise<StoredSaga | undefined> {
  const [saga] = await findSagas(tx, [transaction_id])
  return saga
}

/** Those that exist, in no order. */
export const findSagas = (tx: Queryable, transaction_ids: readonly string[]) =>
  tx.query<StoredSaga>(`select ${SAGA_COLUMNS} from sagas where transaction_id = any($1::uuid[])`, [transaction_ids])

export interface SagaFilter {
  readonly kind?: SagaKind
  readonly status?: SagaStatus
  readonly current_step?: string
  readonly customer_id?: number
  readonly vehicle_id?: number
  /** Who sold. */
  readonly seller?: string | undefined
}

/** How many of the customer's purchases by Pix are not over, counted up to `enough`. */
export async function countOpenPix(tx: Queryable, customer_id: number, enough: number): Promise<number> {
  const found = await tx.query(
    `select from sagas
     where customer_id = $1 and payment_type = 'pix' and deadline is not null and definition = 'purchase' limit $2`,
    [customer_id, enough],
  )
  return found.length
}

/** How many purchases by Pix are not over, counted up to 100,000. Only running ones have a deadline, and so a place in its index. */
export async function countAllOpenPix(tx: Queryable): Promise<number> {
  const [row] = await tx.query<{ open: number }>(
    `select count(*) filter (where payment_type = 'pix') as open
     from (select payment_type from sagas where due_minute is not null limit 100000) as unfinished`,
  )
  return row?.open ?? 0
}

/** When, since `since`, this customer last held this vehicle by Pix and did not pay. */
export async function lastUnpaidEnd(
  tx: Queryable,
  customer_id: number,
  vehicle_id: number,
  since: Date,
): Promise<Date | undefined> {
  const [found] = await tx.query<{ at: Date }>(
    `select updated_at as at from sagas where customer_id = $1 and vehicle_id = $2 and payment_type = 'pix'
       and status in ('FAILED_COMPENSATED', 'CANCELLED') and data ->> 'payment_code' is not null and updated_at > $3
     order by transaction_id desc limit 1`,
    [customer_id, vehicle_id, since],
  )
  return found?.at
}

/** Newest first; `before` is the last transaction_id of the page before. */
export const listSagas = (tx: Queryable, filter: SagaFilter, before: string | null, limit: number) =>
  tx.query<StoredSaga>(
    `select ${SAGA_COLUMNS} from sagas
     where ${amongFew(filter)} ($1::text is null or status = $1) and ($2::text is null or step = $2)
       and ($3::bigint is null or customer_id = $3) and ($4::bigint is null or vehicle_id = $4)
       and ($5::text is null or definition = $5) and ($6::uuid is null or transaction_id < $6)
       ${filter.seller === undefined ? '' : `and ${amongSalesOf('$8')}`}
     order by transaction_id desc limit $7`,
    [...filterValues(filter), before, limit, ...sellerIn(filter)],
  )

/** Exact up to 10,000, an estimate beyond. */
export const countSagas = (tx: Queryable, filter: SagaFilter): Promise<number> =>
  totalOf(
    tx,
    `select from sagas
     where ${amongFew(filter)} ($1::text is null or status = $1) and ($2::text is null or step = $2)
       and ($3::bigint is null or customer_id = $3) and ($4::bigint is null or vehicle_id = $4)
       and ($5::text is null or definition = $5)
       ${filter.seller === undefined ? '' : `and ${amongSalesOf('$6')}`}`,
    [...filterValues(filter), ...sellerIn(filter)],
  )

const sellerIn = ({ seller }: SagaFilter) => (seller === undefined ? [] : [seller])

/** Rare statuses are found by a partial index, without a look at every purchase. */
function amongFew({ status }: SagaFilter): string {
  if (status === 'FAILED_REQUIRES_MANUAL_INTERVENTION') return 'needs_operator and'
  return status && UNDER_WAY.includes(status) ? 'due_minute is not null and' : ''
}

const UNDER_WAY: readonly SagaStatus[] = ['STARTED', 'IN_PROGRESS', 'COMPENSATING', 'CANCELLING']

const filterValues = ({ kind, status, current_step, customer_id, vehicle_id }: SagaFilter) => [
  status ?? null,
  current_step ?? null,
  customer_id ?? null,
  vehicle_id ?? null,
  kind ?? null,
]

export function insertSagas(tx: Tx, sagas: readonly Saga[], now: Date): void {
  if (sagas.length === 0) return
  const requests = sagas.map(({ data }) => data as PurchaseRequest)
  tx.write(
    `insert into sagas (transaction_id, definition, version, customer_id, vehicle_id, amount_cents, payment_type,
       status, step, attempt, deadline, unwinding, resumptions, data, created_at, updated_at)
     select *, $15::timestamptz, $15::timestamptz from unnest($1::uuid[], $2::text[], $3::int[], $4::bigint[],
       $5::bigint[], $6::bigint[], $7::text[], $8::text[], $9::text[], $10::int[], $11::timestamptz[], $12::json[],
       $13::int[], $14::json[])`,
    [
      sagas.map((saga) => saga.transaction_id),
      sagas.map((saga) => saga.definition),
      sagas.map((saga) => saga.version),
      requests.map((request) => request.customer_id),
      requests.map((request) => request.vehicle_id),
      requests.map((request) => request.amount_cents),
      requests.map((request) => request.payment_type),
      ...changing(sagas),
      sagas.map(({ data }) => JSON.stringify(data)),
      now,
    ],
  )
}

/** A saga's change. */
export interface SagaChange {
  readonly saga: Saga
  /** The state that the decision was made on. */
  readonly from: Saga
  /** When `from` was written, if it was remembered; null if it was read under lock. A remembered state must still be the stored one. */
  readonly as_of: Date | null
}

/**
 * Names each saga once, in the state that the whole batch leaves it in, in the order of their ids. The transaction fails, as
 * `hasMoved` recognises, when a remembered state is no longer the stored one. Unchanged data is not written.
 */
export function updateSagas(tx: Tx, changes: readonly SagaChange[], now: Date): void {
  if (changes.length === 0) return
  const remembered = changes.map(({ from, as_of }) => (as_of ? from : null))
  tx.write(
    `update sagas set status = new.status, step = new.step, attempt = ${UNLESS_MOVED}, deadline = new.deadline,
       unwinding = new.unwinding, resumptions = new.resumptions, data = coalesce(new.data, sagas.data), updated_at = $9,
       pickup_code = case when sagas.picked_up_at is null then coalesce(new.pickup_code, sagas.pickup_code) end
     from unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::timestamptz[], $6::json[], $7::int[], $8::json[],
         $10::timestamptz[], $11::text[], $12::int[], $13::text[])
       as new(transaction_id, status, step, attempt, deadline, unwinding, resumptions, data, as_of, from_step, from_attempt,
         pickup_code)
     where sagas.transaction_id = new.transaction_id`,
    [
      changes.map(({ saga }) => saga.transaction_id),
      ...changing(changes.map(({ saga }) => saga)),
      changes.map(({ saga, from }) => (saga.data === from.data ? null : storedData(saga))),
      now,
      changes.map(({ as_of }) => as_of),
      remembered.map((from) => from?.step),
      remembered.map((from) => from?.attempt),
      changes.map(({ saga }) => (saga.data as { pickup_code?: string }).pickup_code ?? null),
    ],
  )
}

/** Without the field that has a column of its own, where a new data key finds it. */
const storedData = ({ data }: Saga) => JSON.stringify({ ...data, pickup_code: undefined })

/**
 * When a saga has moved, the statement that writes it must fail, and the transaction with it. SQL has no expression that
 * raises an error, so this sets a NOT NULL column to null in that case. Every change of a saga sets another time, step or
 * attempt, so these three identify one state.
 */
const UNLESS_MOVED = `case when new.as_of is null or
  (sagas.updated_at = new.as_of and sagas.step = new.from_step and sagas.attempt = new.from_attempt) then new.attempt end`

/** Whether a transaction failed because somebody else has changed a saga since this process did. */
export const hasMoved = (error: unknown): boolean => emptyColumn(error) === 'attempt'

function changing(sagas: readonly Saga[]) {
  return [
    sagas.map((saga) => saga.status),
    sagas.map((saga) => saga.step),
    sagas.map((saga) => saga.attempt),
    sagas.map((saga) => saga.deadline),
    sagas.map((saga) => saga.unwinding && JSON.stringify(saga.unwinding)),
    sagas.map((saga) => saga.resumptions),
  ]
}

export interface HistoryEntry extends Transition {
  readonly transaction_id: string
}

/** Ids follow the order given: PostgreSQL inserts what it unnests in that order unless another one is asked for. */
export function insertHistory(tx: Tx, entries: readonly HistoryEntry[]): void {
  if (entries.length === 0) return
  tx.write(
    `insert into saga_history (transaction_id, at, step, status, what, attempt, reason)
     select * from unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::int[], $7::text[])`,
    [
      entries.map((entry) => entry.transaction_id),
      entries.map((entry) => entry.at),
      entries.map((entry) => entry.step),
      entries.map((entry) => entry.status),
      entries.map((entry) => entry.what),
      entries.map((entry) => entry.attempt),
      entries.map((entry) => entry.reason ?? null),
    ],
  )
}

export const readHistory = (tx: Queryable, transaction_id: string) =>
  tx.query<{ at: Date; step: string; status: SagaStatus; what: string; attempt: number; reason: string | null }>(
    `select at, step, status, what, attempt, reason from saga_history_whole where transaction_id = $1 order by id`,
    [transaction_id],
  )

/** The parts of a definition that a row names. */
type Version = Pick<SagaDefinition, 'name' | 'version'>

/** The sagas that this process can run. Those of an unknown version belong to a newer process and are left alone. */
const KNOWN = `(definition, version) in (select * from unnest($1::text[], $2::int[]))`
const knownValues = (known: readonly Version[]) => [known.map(({ name }) => name), known.map(({ version }) => version)]

/** Sagas whose deadline has passed, the longest overdue first. */
export const findDue = (tx: Queryable, known: readonly Version[], now: Date, limit: number) =>
  tx.query<{ transaction_id: string }>(
    `select transaction_id from sagas
     where due_minute <= floor(extract(epoch from $3::timestamptz) / 60) and deadline <= $3 and ${KNOWN}
     order by deadline limit $4`,
    [...knownValues(known), now, limit],
  )

export async function nextDeadline(tx: Queryable, known: readonly Version[]): Promise<Date | null> {
  const [row] = await tx.query<{ at: Date | null }>(
    `select min(deadline) as at from sagas
     where due_minute = (select min(due_minute) from sagas where due_minute is not null and ${KNOWN}) and ${KNOWN}`,
    knownValues(known),
  )
  return row?.at ?? null
}

/** The answers of a dead process's calls are lost: those calls are due at once. */
export async function makeCallsDue(tx: Queryable, known: readonly SagaDefinition[], now: Date): Promise<void> {
  const calls = known.flatMap(({ steps }) => steps.flatMap(({ kind, name }) => (kind === 'call' ? [name] : [])))
  await tx.query(
    `update sagas set deadline = $4, updated_at = $4
     where deadline is not null and step = any($3::text[]) and ${KNOWN}`,
    [...knownValues(known), calls, now],
  )
}

/** Running purchases by status, counted up to 100,000. Only they have a deadline, and so a place in its index. */
export const countUnfinished = (tx: Queryable) =>
  tx.query<{ status: SagaStatus; sagas: number }>(
    `select status, count(*) as sagas from (select status from sagas where due_minute is not null limit 100000) as unfinished
     group by status`,
  )

export async function countManualInterventions(tx: Queryable): Promise<number> {
  const [row] = await tx.query<{ sagas: number }>(`select count(*) as sagas from sagas where needs_operator`)
  return row?.sagas ?? 0
}

/** When a purchase reached its step: `updated_at`, unless the step was asked more than once. */
const STEP_BEGAN = `case when attempt = 1 then updated_at else coalesce(
  (select min(at) from saga_history
   where saga_history.transaction_id = sagas.transaction_id and saga_history.step = sagas.step), updated_at) end`

/** Seconds since the oldest purchase at each step came there, of the 10,000 whose deadline is next. */
export const oldestSteps = (tx: Queryable, now: Date) =>
  tx.query<{ step: string; age_seconds: number }>(
    `select step, extract(epoch from $1::timestamptz - min(began))::float8 as age_seconds
     from (select step, ${STEP_BEGAN} as began from sagas where due_minute is not null order by due_minute limit 10000)
       as unfinished
     group by step`,
    [now],
  )

export interface OverdueSaga extends StoredSaga {
  readonly step_began_at: Date
}

/** Purchases whose step has missed a deadline, whether or not it was asked again. The next due first. */
export const listOverdue = (tx: Queryable, now: Date, limit: number) =>
  tx.query<OverdueSaga>(
    `select ${SAGA_COLUMNS}, ${STEP_BEGAN} as step_began_at from sagas
     where due_minute is not null and (attempt > 1 or deadline <= $1) order by due_minute, transaction_id limit $2`,
    [now, limit],
  )

/**
 * The SQL of the parts of a payment at the counter, and of the debts that failed parts leave. The payer's data lies sealed.
 */
import type { Queryable, Tx } from '#platform/database/database'
import type { SealedTable } from '#platform/vault/reseal-store'
import type { Vault } from '#platform/vault/vault'
import type { PartMethod, PartState, TradeIn } from '../domain/parts.ts'

const PARTS = {
  name: 'payment_parts',
  key: 'id',
  columns: ['payer_name', 'payer_document'],
} as const satisfies SealedTable
export const sealedParts: SealedTable = PARTS

export interface Payer {
  readonly name: string
  readonly document: string
}

export interface Part {
  readonly id: number
  readonly transaction_id: string
  readonly payment_code: string
  readonly customer_id: number
  readonly vehicle_id: number
  readonly amount_cents: number
  readonly method: PartMethod
  readonly state: PartState
  readonly reference: string | null
  readonly end_to_end_id: string | null
  readonly author: string
  readonly approval_id: string | null
  /** The part of a trade-in's value beyond the amount due. */
  readonly excess_cents: number
}

const COLUMNS = `id, transaction_id, payment_code, customer_id, vehicle_id, amount_cents, method, state, reference, end_to_end_id, author,
  approval_id`

export async function insertPart(
  tx: Tx,
  vault: Vault,
  part: Part,
  payer: Payer | null,
  trade_in: TradeIn | null,
  now: Date,
): Promise<void> {
  const names = { payer_name: payer?.name ?? null, payer_document: payer?.document ?? null }
  const sealed = (await vault.sealing(tx)).sealAll(PARTS.name, part.id, names)
  tx.write(
    `insert into payment_parts (${COLUMNS}, payer_name, payer_document, trade_in_vehicle_id, valuation_cents, debts_cents,
       payoff_cents, created_at, received_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $19)`,
    [
      ...[part.id, part.transaction_id, part.payment_code, part.customer_id, part.vehicle_id, part.amount_cents],
      ...[part.method, part.state, part.reference, part.end_to_end_id, part.author, part.approval_id],
      ...[sealed.payer_name, sealed.payer_document],
      ...[trade_in?.vehicle_id ?? null, trade_in?.valuation_cents ?? null],
      ...[trade_in?.debts_cents ?? null, trade_in?.payoff_cents ?? null],
      ...[now, part.state === 'received' ? now : null],
    ],
  )
}

export async function findPart(tx: Queryable, id: number): Promise<Part | undefined> {
  const [part] = await tx.query<Part>(
    `select ${COLUMNS}, coalesce(valuation_cents - debts_cents - payoff_cents - amount_cents, 0) as excess_cents
     from payment_parts where id = $1`,
    [id],
  )
  return part
}

/**
 * The sum that this person has recorded for this customer since then without a second person: parts, what is owed for cars, and
 * debts as paid. Those of one customer wait for each other here, so that the sum misses none.
 */
export async function takenAlone(tx: Tx, customer_id: number, author: string, since: Date): Promise<number> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('parts of customer ' || $1::text, 0))`, [customer_id])
  const [found] = await tx.query<{ cents: number }>(
    `select coalesce(sum(cents), 0)::bigint as cents from (
       select coalesce(valuation_cents - debts_cents - payoff_cents, amount_cents) as cents from payment_parts
       where customer_id = $1 and author = $2 and created_at >= $3 and approval_id is null
         and state not in ('asked', 'reversed')
       union all
       select amount_cents from payment_debts
       where customer_id = $1 and settled_by = $2 and settled_at >= $3 and settled_approval_id is null
     ) as alone`,
    [customer_id, author, since],
  )
  return found?.cents ?? 0
}

/** Whether this vehicle pays for something already. Two parts that name one vehicle wait for each other here. */
export async function hasComeIn(tx: Tx, vehicle_id: number): Promise<boolean> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('trade-in of vehicle ' || $1::text, 0))`, [vehicle_id])
  const found = await tx.query(
    `select from payment_parts where trade_in_vehicle_id = $1 and state in ('asked', 'promised', 'received') limit 1`,
    [vehicle_id],
  )
  return found.length > 0
}

/** Whether this Pix has paid something already. Two parts that name one Pix wait for each other here. */
export async function hasPaid(tx: Tx, end_to_end_id: string): Promise<boolean> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('pix ' || $1::text, 0))`, [end_to_end_id])
  const found = await tx.query(
    `select from payment_parts where end_to_end_id = $1 and state <> 'reversed'
     union all select from payments where end_to_end_id = $1`,
    [end_to_end_id],
  )
  return found.length > 0
}

/** Call it behind the lock of its code. */
export const updatePart = (
  tx: Tx,
  { id, state, reference, approval_id }: Pick<Part, 'id' | 'state' | 'reference' | 'approval_id'>,
  now: Date,
): void =>
  tx.write(
    `update payment_parts set state = $2, reference = $3, approval_id = $4, updated_at = $5,
       received_at = case when $2 = 'received' then coalesce(received_at, $5) else received_at end
     where id = $1`,
    [id, state, reference, approval_id, now],
  )

export interface Debt {
  readonly id: number
  /** Null for damage on a returned vehicle. */
  readonly part_id: number | null
  readonly transaction_id: string
  readonly customer_id: number
  readonly amount_cents: number
  /** A day of São Paulo, as `2026-03-09`. */
  readonly due_on: string
  /** For damage: what was found. */
  readonly reason: string | null
  readonly status: 'open' | 'paid' | 'void'
  readonly created_at: Date
  readonly settled_at: Date | null
  readonly settled_by: string | null
  readonly settled_method: string | null
  readonly settled_reference: string | null
}

const DEBT = `id, part_id, transaction_id, customer_id, amount_cents, due_on::text, reason, status, created_at, settled_at, settled_by,
  settled_method, settled_reference`

/** A part fails once, so it leaves one debt. */
export const insertDebt = (tx: Tx, part: Part, due_on: string, now: Date): void =>
  tx.write(
    `insert into payment_debts (part_id, transaction_id, customer_id, amount_cents, due_on, status, created_at)
     values ($1, $2, $3, $4, $5::date, 'open', $6)`,
    [part.id, part.transaction_id, part.customer_id, part.amount_cents, due_on, now],
  )

export interface Damage extends Pick<Debt, 'transaction_id' | 'customer_id' | 'amount_cents' | 'due_on'> {
  readonly reason: string
}

export async function insertDamage(tx: Queryable, damage: Damage, now: Date): Promise<Debt> {
  const { transaction_id, customer_id, amount_cents, due_on, reason } = damage
  const [debt] = await tx.query<Debt>(
    `insert into payment_debts (transaction_id, customer_id, amount_cents, due_on, reason, status, created_at)
     values ($1, $2, $3, $4::date, $5, 'open', $6) returning ${DEBT}`,
    [transaction_id, customer_id, amount_cents, due_on, reason, now],
  )
  if (!debt) throw new Error('the insert returned no row')
  return debt
}

/** Undefined when it is no longer open. Call it behind the lock of its code. */
export async function settleDebt(
  tx: Queryable,
  id: number,
  how: {
    readonly at: Date
    readonly by: string
    readonly method: string
    readonly reference: string
    readonly approval_id: string | null
  },
): Promise<Debt | undefined> {
  const [settled] = await tx.query<Debt>(
    `update payment_debts set status = 'paid', settled_at = $2, settled_by = $3, settled_method = $4, settled_reference = $5,
       settled_approval_id = $6
     where id = $1 and status = 'open' returning ${DEBT}`,
    [id, how.at, how.by, how.method, how.reference, how.approval_id],
  )
  return settled
}

interface DebtFilter {
  readonly id?: number | undefined
  readonly status?: Debt['status'] | undefined
  readonly transaction_id?: string | undefined
  readonly customer_id?: number | undefined
}

export async function findDebt(tx: Queryable, id: number): Promise<Debt | undefined> {
  const [found] = await listDebts(tx, { id }, null, 1)
  return found
}

/** Newest first; `before` is the last id of the page before. */
export const listDebts = (tx: Queryable, filter: DebtFilter, before: number | null, limit: number) =>
  tx.query<Debt>(
    `select ${DEBT} from payment_debts
     where ($1::bigint is null or id = $1) and ($2::text is null or status = $2)
       and ($3::uuid is null or transaction_id = $3) and ($4::bigint is null or customer_id = $4)
       and ($5::bigint is null or id < $5)
     order by id desc limit $6`,
    [
      filter.id ?? null,
      filter.status ?? null,
      filter.transaction_id ?? null,
      filter.customer_id ?? null,
      before,
      limit,
    ],
  )

/**
 * Moves the code's end to a later time. A code that holds money does not expire, but staff are reminded of it at its end.
 */
export const extendCode = (tx: Tx, code: string, until: Date): void =>
  tx.write(`update payment_codes set expires_at = $2 where code = $1`, [code, until])

/** The received amount of a purchase; undefined when there is no such purchase here. */
export async function receivedOf(
  tx: Queryable,
  transaction_id: string,
): Promise<{ amount_cents: number; received_cents: number; payment_type: string } | undefined> {
  const [found] = await tx.query<{ amount_cents: number; received_cents: number; payment_type: string }>(
    `select amount_cents, received_cents, payment_type from payment_codes where transaction_id = $1`,
    [transaction_id],
  )
  return found
}

/** The SQL that decides codes and payments. A charge is a code with its payment; locking the code locks both. */
import type { Cents, PaymentStatus } from '#contracts'
import type { Queryable, Tx } from '#platform/database/database'
import type { Charge, CodeTask, Payment, PaymentCode } from '../domain/charge.ts'

interface ChargeRow extends Omit<PaymentCode, 'task'> {
  readonly task: CodeTask | null
  readonly task_due_at: Date
  readonly payment_id: number | null
  readonly payment_status: PaymentStatus
  readonly payment_method: string
  readonly processed_at: Date
  readonly end_to_end_id: string | null
  readonly refund_due_at: Date | null
  readonly refund_failures: number
  readonly refunded_at: Date | null
  readonly return_id: string | null
  readonly abated_cents: Cents
}

const CHARGE = `select c.transaction_id, c.customer_id, c.vehicle_id, c.amount_cents, c.payment_type, c.code, c.status,
    c.reason, c.pix_copy_paste, c.expires_at, c.txid, c.task, c.task_due_at, c.held_cents, c.received_cents,
    p.id as payment_id, p.status as payment_status, p.payment_method, p.processed_at, p.end_to_end_id, p.refund_due_at,
    p.refund_failures, p.refunded_at, p.return_id, p.abated_cents
  from payment_codes c left join payments p on p.transaction_id = c.transaction_id`

/** Locked in the order of their transactions, so that two batches never deadlock. */
export async function lockCharges(tx: Tx, transaction_ids: readonly string[]): Promise<Charge[]> {
  const [, rows] = await Promise.all([
    tx.query(`select id from payment_codes where transaction_id = any($1::uuid[]) order by transaction_id for update`, [
      transaction_ids,
    ]),
    tx.query<ChargeRow>(`${CHARGE} where c.transaction_id = any($1::uuid[])`, [transaction_ids]),
  ])
  return rows.map(chargeOf)
}

/** A provider names a charge by its code or by its txid; no text is both. */
export const lockChargesNamed = (tx: Tx, names: readonly string[]): Promise<Charge[]> =>
  locked(
    tx,
    `select id from payment_codes where code = any($1::text[]) or txid = any($1::text[])
     order by transaction_id for update`,
    names,
  )

/**
 * Pending codes whose time is over. Skips those that another replica or a payment has locked, and those that their provider
 * is already being asked to close.
 */
export const lockExpired = (tx: Tx, now: Date, limit: number): Promise<Charge[]> =>
  locked(
    tx,
    `select id from payment_codes where status = 'pending' and expires_at <= $1 and held_cents = 0 and ${NOT_CLOSING}
     order by expires_at limit ${Math.trunc(limit)} for update skip locked`,
    now,
  )

const NOT_CLOSING = `(task is null or task = 'issue')`

/** A second statement reads the payment: its snapshot is taken after the lock, so it sees every earlier decision. */
async function locked(tx: Tx, lock: string, key: unknown): Promise<Charge[]> {
  const ids = await tx.query<{ id: number }>(lock, [key])
  if (ids.length === 0) return []
  const rows = await tx.query<ChargeRow>(`${CHARGE} where c.id = any($1::bigint[])`, [ids.map(({ id }) => id)])
  return rows.map(chargeOf)
}

/** Each field by name: rest and spread took 1.4 % of a busy process's time. */
const chargeOf = (row: ChargeRow): Charge => ({
  code: {
    transaction_id: row.transaction_id,
    customer_id: row.customer_id,
    vehicle_id: row.vehicle_id,
    amount_cents: row.amount_cents,
    payment_type: row.payment_type,
    code: row.code,
    status: row.status,
    reason: row.reason,
    pix_copy_paste: row.pix_copy_paste,
    expires_at: row.expires_at,
    txid: row.txid,
    held_cents: row.held_cents,
    received_cents: row.received_cents,
    task: row.task && { kind: row.task, due_at: row.task_due_at },
  },
  payment:
    row.payment_id === null
      ? null
      : {
          id: row.payment_id,
          status: row.payment_status,
          payment_method: row.payment_method,
          processed_at: row.processed_at,
          end_to_end_id: row.end_to_end_id,
          refund_due_at: row.refund_due_at,
          refund_failures: row.refund_failures,
          refunded_at: row.refunded_at,
          return_id: row.return_id,
          abated_cents: row.abated_cents,
        },
})

/** Never an upsert: when two commands arrive here at once, the later one must fail and be handled again. */
export function insertCodes(tx: Tx, codes: readonly PaymentCode[], now: Date): void {
  if (codes.length === 0) return
  const firstLook = new Date(now.getTime() + FIRST_LOOK_MS)
  tx.write(
    `insert into payment_codes (transaction_id, code, customer_id, vehicle_id, amount_cents, payment_type, status, reason,
       pix_copy_paste, expires_at, txid, task, task_due_at, look_due_at, created_at, updated_at)
     select *, $15::timestamptz, $15::timestamptz from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[],
       $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::timestamptz[], $11::text[], $12::text[],
       $13::timestamptz[], $14::timestamptz[])`,
    [
      codes.map((code) => code.transaction_id),
      codes.map((code) => code.code),
      codes.map((code) => code.customer_id),
      codes.map((code) => code.vehicle_id),
      codes.map((code) => code.amount_cents),
      codes.map((code) => code.payment_type),
      codes.map((code) => code.status),
      codes.map((code) => code.reason),
      codes.map((code) => code.pix_copy_paste),
      codes.map((code) => code.expires_at),
      codes.map((code) => code.txid),
      codes.map((code) => code.task?.kind ?? null),
      codes.map((code) => code.task?.due_at ?? null),
      codes.map((code) => (code.txid ? firstLook : null)),
      now,
    ],
  )
}

/** A charge is looked at for the first time after this, if its provider has not called by then. */
const FIRST_LOOK_MS = 20_000

/** A new task starts with no attempts. */
export function updateCodes(tx: Tx, codes: readonly PaymentCode[], now: Date): void {
  if (codes.length === 0) return
  tx.write(
    `update payment_codes set status = new.status, reason = new.reason, pix_copy_paste = new.pix_copy_paste,
       task = new.task, task_due_at = new.task_due_at,
       task_attempts = case when payment_codes.task is distinct from new.task then 0 else task_attempts end,
       updated_at = $7
     from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
       as new(transaction_id, status, reason, pix_copy_paste, task, task_due_at)
     where payment_codes.transaction_id = new.transaction_id`,
    [
      codes.map((code) => code.transaction_id),
      codes.map((code) => code.status),
      codes.map((code) => code.reason),
      codes.map((code) => code.pix_copy_paste),
      codes.map((code) => code.task?.kind ?? null),
      codes.map((code) => code.task?.due_at ?? null),
      now,
    ],
  )
}

/**
 * Like updateCodes, for codes that are paid at the counter: it also writes the sum of their parts, which other codes do not
 * have.
 */
export function updateCounterCodes(tx: Tx, codes: readonly PaymentCode[], now: Date): void {
  if (codes.length === 0) return
  tx.write(
    `update payment_codes set status = new.status, reason = new.reason, held_cents = new.held_cents,
       received_cents = new.received_cents, updated_at = $6
     from unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::bigint[])
       as new(transaction_id, status, reason, held_cents, received_cents)
     where payment_codes.transaction_id = new.transaction_id`,
    [
      codes.map((code) => code.transaction_id),
      codes.map((code) => code.status),
      codes.map((code) => code.reason),
      codes.map((code) => code.held_cents),
      codes.map((code) => code.received_cents),
      now,
    ],
  )
}

export interface MadePayment {
  readonly code: PaymentCode
  readonly payment: Payment & { readonly id: number }
}

/** Takes ids for payments ahead, so that no insert has to be awaited. Ids that are not used leave gaps. */
export async function takePaymentIds(tx: Queryable, count: number): Promise<number[]> {
  const rows = await tx.query<{ id: number }>(
    `select nextval('payments_id_seq') as id from generate_series(1, $1::int)`,
    [count],
  )
  return rows.map(({ id }) => id)
}

export function insertPayments(tx: Tx, made: readonly MadePayment[]): void {
  if (made.length === 0) return
  tx.write(
    `insert into payments (id, transaction_id, payment_code, customer_id, vehicle_id, amount_cents, payment_type,
       payment_method, status, processed_at, end_to_end_id, refund_due_at, created_at)
     overriding system value
     select *, processed_at from unnest($1::bigint[], $2::uuid[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[],
       $7::text[], $8::text[], $9::text[], $10::timestamptz[], $11::text[], $12::timestamptz[]) as made(id,
       transaction_id, payment_code, customer_id, vehicle_id, amount_cents, payment_type, payment_method, status,
       processed_at, end_to_end_id, refund_due_at)`,
    [
      made.map(({ payment }) => payment.id),
      made.map(({ code }) => code.transaction_id),
      made.map(({ code }) => code.code),
      made.map(({ code }) => code.customer_id),
      made.map(({ code }) => code.vehicle_id),
      made.map(({ code }) => code.amount_cents),
      made.map(({ code }) => code.payment_type),
      made.map(({ payment }) => payment.payment_method),
      made.map(({ payment }) => payment.status),
      made.map(({ payment }) => payment.processed_at),
      made.map(({ payment }) => payment.end_to_end_id),
      made.map(({ payment }) => payment.refund_due_at),
    ],
  )
}

export function updatePayments(tx: Tx, payments: readonly Payment[]): void {
  if (payments.length === 0) return
  tx.write(
    `update payments set status = new.status, end_to_end_id = new.end_to_end_id, refund_due_at = new.refund_due_at,
       refund_attempts = case when payments.refund_failures = new.refund_failures then refund_attempts else 0 end,
       refund_failures = new.refund_failures, refunded_at = new.refunded_at, return_id = new.return_id,
       abated_cents = new.abated_cents
     from unnest($1::bigint[], $2::text[], $3::text[], $4::timestamptz[], $5::int[], $6::timestamptz[], $7::uuid[],
         $8::bigint[])
       as new(id, status, end_to_end_id, refund_due_at, refund_failures, refunded_at, return_id, abated_cents)
     where payments.id = new.id`,
    [
      payments.map((payment) => payment.id),
      payments.map((payment) => payment.status),
      payments.map((payment) => payment.end_to_end_id),
      payments.map((payment) => payment.refund_due_at),
      payments.map((payment) => payment.refund_failures),
      payments.map((payment) => payment.refunded_at),
      payments.map((payment) => payment.return_id),
      payments.map((payment) => payment.abated_cents),
    ],
  )
}

export async function nextExpiry(tx: Queryable): Promise<Date | null> {
  const [row] = await tx.query<{ at: Date | null }>(
    `select min(expires_at) as at from payment_codes where status = 'pending' and held_cents = 0 and ${NOT_CLOSING}`,
  )
  return row?.at ?? null
}

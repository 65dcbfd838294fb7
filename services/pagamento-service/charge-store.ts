/** The SQL of codes and payments. A charge is a code with its payment; locking the code locks both. */
import type { PaymentCodeStatus, PaymentStatus } from '#contracts'
import type { Queryable, Tx } from '#platform/database'
import type { Charge, Payment, PaymentCode } from './domain/charge.ts'

interface ChargeRow extends PaymentCode {
  readonly payment_id: number | null
  readonly payment_status: PaymentStatus
  readonly payment_method: string
  readonly processed_at: Date
}

const CHARGE = `select c.transaction_id, c.customer_id, c.vehicle_id, c.amount_cents, c.payment_type, c.code, c.status,
    c.reason, c.pix_copy_paste, c.expires_at,
    p.id as payment_id, p.status as payment_status, p.payment_method, p.processed_at
  from payment_codes c left join payments p on p.transaction_id = c.transaction_id`

/** Locked in the order of their transactions, so that two batches never wait for each other in a circle. */
export async function lockCharges(tx: Tx, transaction_ids: readonly string[]): Promise<Charge[]> {
  const [, rows] = await Promise.all([
    tx.query(`select id from payment_codes where transaction_id = any($1::uuid[]) order by transaction_id for update`, [
      transaction_ids,
    ]),
    tx.query<ChargeRow>(`${CHARGE} where c.transaction_id = any($1::uuid[])`, [transaction_ids]),
  ])
  return rows.map(chargeOf)
}

export async function lockChargeOfCode(tx: Tx, code: string): Promise<Charge | undefined> {
  const [charge] = await locked(tx, `select id from payment_codes where code = $1 for update`, code)
  return charge
}

/** Pending codes whose time is over; those that another replica or a payment holds are left to it. */
export const lockExpired = (tx: Tx, now: Date, limit: number): Promise<Charge[]> =>
  locked(
    tx,
    `select id from payment_codes where status = 'pending' and expires_at <= $1
     order by expires_at limit ${Math.trunc(limit)} for update skip locked`,
    now,
  )

/** The payment is read by a second statement, whose snapshot is taken once the lock is held: it sees what was decided. */
async function locked(tx: Tx, lock: string, key: unknown): Promise<Charge[]> {
  const ids = await tx.query<{ id: number }>(lock, [key])
  if (ids.length === 0) return []
  const rows = await tx.query<ChargeRow>(`${CHARGE} where c.id = any($1::bigint[])`, [ids.map(({ id }) => id)])
  return rows.map(chargeOf)
}

const chargeOf = ({ payment_id, payment_status, payment_method, processed_at, ...code }: ChargeRow): Charge => ({
  code,
  payment: payment_id === null ? null : { id: payment_id, status: payment_status, payment_method, processed_at },
})

/** Never an upsert: of two commands that meet here, the later must fail and be handled again. */
export async function insertCodes(tx: Tx, codes: readonly PaymentCode[], now: Date): Promise<void> {
  if (codes.length === 0) return
  tx.write(
    `insert into payment_codes (transaction_id, code, customer_id, vehicle_id, amount_cents, payment_type, status, reason,
       pix_copy_paste, expires_at, created_at, updated_at)
     select *, $11::timestamptz, $11::timestamptz from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[],
       $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::timestamptz[])`,
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
      now,
    ],
  )
}

export async function updateCodes(tx: Tx, codes: readonly PaymentCode[], now: Date): Promise<void> {
  if (codes.length === 0) return
  tx.write(
    `update payment_codes set status = new.status, reason = new.reason, updated_at = $4
     from unnest($1::uuid[], $2::text[], $3::text[]) as new(transaction_id, status, reason)
     where payment_codes.transaction_id = new.transaction_id`,
    [codes.map((code) => code.transaction_id), codes.map((code) => code.status), codes.map((code) => code.reason), now],
  )
}

export interface MadePayment {
  readonly code: PaymentCode
  readonly payment: Payment
}

/** Returns the new payments' ids by transaction. */
export async function insertPayments(tx: Queryable, made: readonly MadePayment[]): Promise<Map<string, number>> {
  if (made.length === 0) return new Map()
  const rows = await tx.query<{ id: number; transaction_id: string }>(
    `insert into payments (transaction_id, payment_code, customer_id, vehicle_id, amount_cents, payment_type,
       payment_method, status, processed_at, created_at)
     select *, processed_at from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[],
       $7::text[], $8::text[], $9::timestamptz[]) as made(transaction_id, payment_code, customer_id, vehicle_id,
       amount_cents, payment_type, payment_method, status, processed_at)
     returning id, transaction_id`,
    [
      made.map(({ code }) => code.transaction_id),
      made.map(({ code }) => code.code),
      made.map(({ code }) => code.customer_id),
      made.map(({ code }) => code.vehicle_id),
      made.map(({ code }) => code.amount_cents),
      made.map(({ code }) => code.payment_type),
      made.map(({ payment }) => payment.payment_method),
      made.map(({ payment }) => payment.status),
      made.map(({ payment }) => payment.processed_at),
    ],
  )
  return new Map(rows.map(({ id, transaction_id }) => [transaction_id, id]))
}

export async function updatePayments(tx: Tx, payments: readonly Payment[]): Promise<void> {
  if (payments.length === 0) return
  tx.write(
    `update payments set status = new.status from unnest($1::bigint[], $2::text[]) as new(id, status)
     where payments.id = new.id`,
    [payments.map((payment) => payment.id), payments.map((payment) => payment.status)],
  )
}

export async function nextExpiry(tx: Queryable): Promise<Date | null> {
  const [row] = await tx.query<{ at: Date | null }>(
    `select min(expires_at) as at from payment_codes where status = 'pending'`,
  )
  return row?.at ?? null
}

export interface StoredCode extends PaymentCode {
  readonly id: number
  readonly created_at: Date
}

export interface StoredPayment
  extends Omit<PaymentCode, 'code' | 'status' | 'reason' | 'pix_copy_paste' | 'expires_at'> {
  readonly id: number
  readonly payment_code: string
  readonly payment_method: string
  readonly status: PaymentStatus
  readonly processed_at: Date
  readonly created_at: Date
}

/** Newest first; a null filter lets everything through. */
export const listCodes = (
  tx: Queryable,
  code: string | null,
  status: PaymentCodeStatus | null,
  transaction_id: string | null,
  limit: number,
) =>
  tx.query<StoredCode>(
    `select id, code, transaction_id, customer_id, vehicle_id, amount_cents, payment_type, status, reason, pix_copy_paste,
       expires_at, created_at
     from payment_codes
     where ($1::text is null or code = $1) and ($2::text is null or status = $2)
       and ($3::uuid is null or transaction_id = $3)
     order by id desc limit $4`,
    [code, status, transaction_id, limit],
  )

export const listPayments = (
  tx: Queryable,
  id: number | null,
  status: PaymentStatus | null,
  transaction_id: string | null,
  limit: number,
) =>
  tx.query<StoredPayment>(
    `select id, payment_code, transaction_id, customer_id, vehicle_id, amount_cents, payment_type, payment_method, status,
       processed_at, created_at
     from payments
     where ($1::bigint is null or id = $1) and ($2::text is null or status = $2)
       and ($3::uuid is null or transaction_id = $3)
     order by id desc limit $4`,
    [id, status, transaction_id, limit],
  )

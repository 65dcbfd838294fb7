/** The SQL that lists codes and payments, newest first; a null filter lets every row through. */
import type { PaymentCodeStatus, PaymentStatus } from '#contracts'
import type { Queryable, Tx } from '#platform/database/database'
import type { Payment, PaymentCode } from '../domain/charge.ts'
import type { PartState } from '../domain/parts.ts'
import type { ChargeRequest } from '../domain/provider.ts'
import { OF_BANK_UNTOLD } from '../parts/part-back-store.ts'

export interface StoredCode extends Omit<PaymentCode, 'reason' | 'task'> {
  readonly id: number
  readonly created_at: Date
}

export interface StoredPayment
  extends ChargeRequest,
    Omit<Payment, 'id' | 'refund_due_at' | 'return_id' | 'abated_cents'> {
  readonly id: number
  /** Of a part that was paid at the counter. */
  readonly state?: PartState | null
  readonly reference?: string | null
  /** When the bank that gave it was told that its purchase is undone. */
  readonly bank_told_at?: Date | null
  readonly payment_code: string
  readonly paid_by: string | null
  readonly created_at: Date
}

/** Days of São Paulo, both included; `before`: an id. */
interface Stretch {
  readonly from?: string
  readonly to?: string
  readonly before?: number | null
}

const IN_STRETCH = `and ($5::bigint is null or id < $5)
       and ($6::date is null or created_at >= $6::date::timestamp at time zone 'America/Sao_Paulo')
       and ($7::date is null or created_at < ($7::date + 1)::timestamp at time zone 'America/Sao_Paulo')`

export interface CodeFilter extends Stretch {
  readonly code?: string
  readonly customer_id?: number | undefined
  readonly status?: PaymentCodeStatus
  readonly transaction_id?: string
  /** Only counter codes that hold money and should have expired by this time. */
  readonly overdue_at?: Date | undefined
}

export const listCodes = (tx: Queryable, filter: CodeFilter, limit: number) => {
  const { code, status, transaction_id, customer_id, overdue_at, before, from, to } = filter
  return tx.query<StoredCode>(
    `select id, code, transaction_id, customer_id, vehicle_id, amount_cents, payment_type, status, pix_copy_paste, txid,
       expires_at, held_cents, received_cents, created_at
     from payment_codes
     where ($1::text is null or code = $1) and ($2::text is null or status = $2)
       and ($3::uuid is null or transaction_id = $3) and ($4::bigint is null or customer_id = $4)
       ${IN_STRETCH}
       and ($9::timestamptz is null or (status = 'pending' and held_cents > 0 and expires_at <= $9))
     order by id desc limit $8`,
    [
      ...[code ?? null, status ?? null, transaction_id ?? null, customer_id ?? null],
      ...[before ?? null, from ?? null, to ?? null, limit, overdue_at ?? null],
    ],
  )
}

export interface PaymentFilter extends Stretch {
  readonly id?: number
  readonly customer_id?: number | undefined
  readonly status?: PaymentStatus
  /** Only parts of counter purchases in this state. */
  readonly state?: PartState
  /** The day on which its money came, in São Paulo. */
  readonly came_on?: string
  readonly transaction_id?: string
  /** Only parts whose bank is still to be told. */
  readonly bank_to_tell?: boolean
}

/** A counter purchase is listed by its parts; the payment that they come to is found by its number alone. */
const WHOLE = `select id, payment_code, transaction_id, customer_id, vehicle_id, amount_cents, payment_type, payment_method, status,
    processed_at, end_to_end_id, refund_failures, refunded_at, paid_by, created_at, null::text as state, null as reference,
    null::timestamptz as bank_told_at
  from payments where (payment_type <> 'counter' or $1::bigint is not null) and not $11::boolean`
const PARTS = `select id, payment_code, transaction_id, customer_id, vehicle_id, amount_cents, 'counter' as payment_type,
    method as payment_method, case when state = 'failed' then 'failed' when state in ('reversed', 'cancelled', 'refunded', 'owed')
      then 'refunded' else 'completed' end as status,
    coalesce(received_at, created_at) as processed_at, end_to_end_id, refund_failures, refunded_at,
    author as paid_by, created_at, state, reference, bank_told_at
  from payment_parts where state <> 'asked' and (not $11::boolean or ${OF_BANK_UNTOLD})`

/** Each of the two tables is read only as far as the page needs. Over the union, PostgreSQL would sort all rows. */
const newestOf = (either: string) => `(select * from (${either}) as payment
     where ($1::bigint is null or id = $1) and ($2::text is null or status = $2)
       and ($3::uuid is null or transaction_id = $3) and ($4::bigint is null or customer_id = $4)
       and ($9::text is null or state = $9)
     and ($10::date is null or (processed_at >= $10::date::timestamp at time zone 'America/Sao_Paulo'
       and processed_at < ($10::date + 1)::timestamp at time zone 'America/Sao_Paulo'
       and status = 'completed' and state is distinct from 'promised'))
     ${IN_STRETCH}
     order by id desc limit $8)`

export const listPayments = (
  tx: Queryable,
  { id, status, state, came_on, transaction_id, customer_id, bank_to_tell = false, before, from, to }: PaymentFilter,
  limit: number,
) =>
  tx.query<StoredPayment>(
    `select * from (${newestOf(WHOLE)} union all ${newestOf(PARTS)}) as payments order by id desc limit $8`,
    [
      ...[id ?? null, status ?? null, transaction_id ?? null, customer_id ?? null],
      ...[before ?? null, from ?? null, to ?? null, limit, state ?? null, came_on ?? null, bank_to_tell],
    ],
  )

/** Who said over HTTP that it was paid; the first one stays. No `write`: in one statement with the insert it would not find the payment. */
export const markPaidBy = (tx: Tx, id: number, author: string): Promise<object[]> =>
  tx.query(`update payments set paid_by = $2 where id = $1 and paid_by is null`, [id, author])

/** Those of these codes or txids whose charge lies with a provider over the network. */
export const remoteChargesNamed = (tx: Queryable, names: readonly string[]) =>
  tx.query<{ code: string; txid: string }>(
    `select code, txid from payment_codes where (code = any($1::text[]) or txid = any($1::text[])) and txid is not null`,
    [names],
  )

/**
 * The SQL of credit that customers owe: the credit that each purchase has used, less repayments, which pay the oldest debt first. A
 * returned purchase owes what a warranty had given of it in money.
 */
import type { Queryable, Tx } from '#platform/database/database'

export interface Due {
  readonly transaction_id: string
  readonly customer_id: number
  readonly amount_cents: number
  /** The part of it that is not repaid. */
  readonly open_cents: number
  readonly bought_at: Date
  /** A day of São Paulo, as `2026-03-09`. */
  readonly due_on: string
}

/**
 * The debts of the customers that `whose` selects. A purchase owes once it is sold: before that it may still give its credit back.
 * Payments name no purchase, so they pay the earliest debts first.
 */
const dues = (whose: string, days: string) => `(
  select *, greatest(0, least(amount_cents, sum(amount_cents) over (
      partition by customer_id order by due_on, transaction_id) - repaid_cents))::bigint as open_cents
  from (
    select hold.transaction_id, hold.customer_id, case when hold.status = 'held' then hold.amount_cents else hold.abated_cents end
        as amount_cents, hold.created_at as bought_at,
      coalesce(hold.due_on, (hold.created_at at time zone 'America/Sao_Paulo')::date + ${days}) as due_on,
      (select coalesce(sum(case kind when 'credit_repayment' then amount_cents else -amount_cents end), 0)
       from ledger where ledger.customer_id = hold.customer_id and kind in ('credit_repayment', 'return_of_repaid'))
        as repaid_cents
    from credit_holds hold
    where hold.payment_type = 'credit' and ${whose} and (hold.status = 'returned' and hold.abated_cents > 0
      or hold.status = 'held' and exists (
        select from vehicle_catalogue where buyer_id = hold.customer_id and transaction_id = hold.transaction_id))
  ) as used
) as due`

/** This customer's debts in order of their due dates. `days`: from the purchase to its due date, unless another date was agreed on. */
export const duesOf = (tx: Queryable, customer_id: number, days: number) =>
  tx.query<Due>(
    `select transaction_id, customer_id, amount_cents, open_cents, bought_at, due_on::text
     from ${dues('hold.customer_id = $1', '$2::int')} where open_cents > 0 order by due_on, transaction_id`,
    [customer_id, days],
  )

export interface Aged {
  readonly not_due_cents: number
  readonly days_1_30_cents: number
  readonly days_31_60_cents: number
  readonly days_61_90_cents: number
  readonly days_91_cents: number
}

const AGES = `coalesce(sum(open_cents) filter (where late <= 0), 0)::bigint as not_due_cents,
  coalesce(sum(open_cents) filter (where late between 1 and 30), 0)::bigint as days_1_30_cents,
  coalesce(sum(open_cents) filter (where late between 31 and 60), 0)::bigint as days_31_60_cents,
  coalesce(sum(open_cents) filter (where late between 61 and 90), 0)::bigint as days_61_90_cents,
  coalesce(sum(open_cents) filter (where late > 90), 0)::bigint as days_91_cents`

const AGED = `(select *, $2::date - due_on as late from ${dues(`hold.customer_id in (select id from customers where used_credit_cents > 0)`, '$1::int')} where open_cents > 0) as aged`

export interface AgedCustomer extends Aged {
  readonly customer_id: number
  /** The day on which the first debt is due, past or to come. */
  readonly first_due_on: string
}

/** Customers in order of their oldest debt. `after`: the last row of the previous page. */
export const agedCustomers = (
  tx: Queryable,
  { days, today }: { readonly days: number; readonly today: string },
  after: { readonly day: string; readonly id: number } | null,
  limit: number,
) =>
  tx.query<AgedCustomer>(
    `select customer_id, min(due_on)::text as first_due_on, ${AGES} from ${AGED} group by customer_id
     having $3::date is null or (min(due_on), customer_id) > ($3::date, $4::bigint)
     order by min(due_on), customer_id limit $5`,
    [days, today, after?.day ?? null, after?.id ?? null, limit],
  )

export async function agedInAll(tx: Queryable, days: number, today: string): Promise<Aged> {
  const [all] = await tx.query<Aged>(`select ${AGES} from ${AGED}`, [days, today])
  if (!all) throw new Error('an aggregate returned no row')
  return all
}

/** Call this with the customer locked. */
export const updateDue = (tx: Tx, transaction_id: string, due_on: string, now: Date): void =>
  tx.write(`update credit_holds set due_on = $2::date, updated_at = $3 where transaction_id = $1`, [
    ...[transaction_id, due_on, now],
  ])

/** The SQL of money moved by hand, beside that of the ledger. Call it with the customer locked. */
import type { Queryable } from '#platform/database/database'

/** The amount that this person has moved on this customer's account since then. */
export async function movedBy(tx: Queryable, customer_id: number, author: string, since: Date): Promise<number> {
  const [row] = await tx.query<{ moved_cents: number }>(
    `select coalesce(sum(abs(amount_cents)), 0)::bigint as moved_cents from ledger
     where customer_id = $1 and author = $2 and at > $3 and approval_id is null
       and (account = 'balance' or kind = 'credit_repayment')`,
    [customer_id, author, since],
  )
  return row?.moved_cents ?? 0
}

/** Credit that running purchases hold: it may still be released, so it cannot be repaid. */
export async function creditInProgress(tx: Queryable, customer_id: number): Promise<number> {
  const [row] = await tx.query<{ held_cents: number }>(
    `select coalesce(sum(amount_cents), 0)::bigint as held_cents from credit_holds hold
     where customer_id = $1 and status = 'held' and payment_type = 'credit' and not exists (
       select from vehicle_catalogue where buyer_id = $1 and transaction_id = hold.transaction_id)`,
    [customer_id],
  )
  return row?.held_cents ?? 0
}

export interface AuthorsDay {
  readonly author: string
  /** The date in São Paulo, such as `2026-03-02`. */
  readonly day: string
  readonly adjustments: number
  readonly customers: number
  readonly moved_cents: number
}

/** The amounts that each person has moved by hand on each day since then, with the money that staff gave in registrations. */
export const adjustmentsByDay = (tx: Queryable, since: Date) =>
  tx.query<AuthorsDay>(
    `select author, to_char(at at time zone 'America/Sao_Paulo', 'YYYY-MM-DD') as day, count(*) as adjustments,
       count(distinct customer_id) as customers, sum(abs(amount_cents))::bigint as moved_cents
     from ledger where author is not null and at >= $1 and (kind <> 'opening' or (amount_cents <> 0 and split_part(author, ' ', 1) = 'staff'))
     group by 1, 2 order by 2, 1`,
    [since],
  )

/** The SQL that picks charges to look at, because their provider has reported nothing. */
import type { Queryable } from '#platform/database/database'

export interface DueLook {
  readonly transaction_id: string
  readonly txid: string
}

/**
 * Takes codes that wait to be paid and are not being made or closed. Taking one sets its next look (20 s later, then half as
 * long again each time, at most two minutes), so that nothing is lost when the process dies or the provider is away.
 */
export const claimLooks = (tx: Queryable, now: Date, limit: number) =>
  tx.query<DueLook>(
    `update payment_codes set looks = looks + 1,
       look_due_at = $1::timestamptz + interval '1 second' * least(20 * power(1.5, least(looks + 1, 10)), 120)
     where id = any (array(
       select id from payment_codes where ${WAITS} and look_due_at <= $1
       order by look_due_at limit $2 for update skip locked))
     returning transaction_id, txid`,
    [now, limit],
  )

export async function nextLook(tx: Queryable): Promise<Date | null> {
  const [row] = await tx.query<{ at: Date | null }>(`select min(look_due_at) as at from payment_codes where ${WAITS}`)
  return row?.at ?? null
}

// as in the index's condition
const WAITS = `status = 'pending' and task is null and look_due_at is not null`

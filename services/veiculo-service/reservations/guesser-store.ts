/** The SQL of wrong pickup codes by person. */
import type { Queryable, Tx } from '#platform/database/database'
import type { Guesser } from '../domain/pickup.ts'

/**
 * Locks the person's row, even before it exists, so that of many guesses at once each sees the one before. Call it with the
 * vehicle locked: every transaction takes the two locks in this order.
 */
export async function lockGuesser(tx: Tx, subject: string): Promise<Guesser | undefined> {
  const [, [found]] = await Promise.all([
    tx.query(`select pg_advisory_xact_lock(hashtext('pickup_guesses'), hashtext($1))`, [subject]),
    tx.query<Guesser>(`select failures, since from pickup_guesses where subject = $1`, [subject]),
  ])
  return found
}

export const keepGuesser = (tx: Tx, subject: string, { failures, since }: Guesser): void =>
  tx.write(
    `insert into pickup_guesses (subject, failures, since) values ($1, $2, $3)
     on conflict (subject) do update set failures = excluded.failures, since = excluded.since`,
    [subject, failures, since],
  )

/** Removes the rows that no longer count; returns how many. */
export const forgetGuessers = async (tx: Queryable, before: Date, limit: number): Promise<number> =>
  (
    await tx.query(
      `delete from pickup_guesses where subject in (
         select subject from pickup_guesses where since < $1 order by since limit $2 for update skip locked)
       returning subject`,
      [before, limit],
    )
  ).length

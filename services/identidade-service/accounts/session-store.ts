/** The SQL of sessions as their owner sees them. The library makes them and finds them by their cookie. */
import type { Queryable } from '#platform/database/database'
import type { Way } from './library.ts'

export interface SessionRow {
  readonly id: string
  /** Encrypted. */
  readonly browser: string | null
  readonly way: Way
  readonly created_at: Date
  readonly expires_at: Date
}

export const listSessions = (tx: Queryable, user_id: string, now: Date) =>
  tx.query<SessionRow>(
    `select "id", "userAgent" as browser, coalesce("way", 'password') as way, "createdAt" as created_at,
       "expiresAt" as expires_at
     from public."session" where "userId" = $1 and "expiresAt" > $2 order by "createdAt" desc`,
    [user_id, now],
  )

export async function endSession(tx: Queryable, user_id: string, id: string): Promise<void> {
  await tx.query(`delete from public."session" where "userId" = $1 and "id" = $2`, [user_id, id])
}

export async function endOtherSessions(tx: Queryable, user_id: string, but: string): Promise<void> {
  await tx.query(`delete from public."session" where "userId" = $1 and "id" <> $2`, [user_id, but])
}

/** A chore: removes expired sessions, and expired one-time values of the library. */
export const removeEnded = async (database: Queryable, before: Date, limit: number): Promise<number> =>
  (
    await database.query(
      `with sessions as (
         delete from public."session" where "id" in (
           select "id" from public."session" where "expiresAt" < $1 limit $2 for update skip locked) returning 1 as removed
       ), once as (
         delete from "verification" where "id" in (
           select "id" from "verification" where "expiresAt" < $1 limit $2 for update skip locked) returning 1 as removed
       ) select removed from sessions union all select removed from once`,
      [before, limit],
    )
  ).length

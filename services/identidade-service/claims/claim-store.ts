/** The SQL of claims: one for each account, proved by its code, deleted once the account has its customer. */
import type { Queryable, Tx } from '#platform/database/database'

export interface Claim {
  /** The id that its code is stored under. */
  readonly subject: string
  readonly customer_id: number
  readonly document_fingerprint: string
  readonly proven_at: Date | null
}

/** Replaces an earlier claim, whose code ends. */
export async function insertClaim(
  tx: Tx,
  user_id: string,
  { subject, customer_id, document_fingerprint }: Omit<Claim, 'proven_at'>,
  now: Date,
): Promise<void> {
  await tx.query(
    `insert into claims (user_id, subject, customer_id, document_fingerprint, created_at) values ($1, $2, $3, $4, $5)
     on conflict (user_id) do update set subject = excluded.subject, customer_id = excluded.customer_id,
       document_fingerprint = excluded.document_fingerprint, created_at = excluded.created_at, proven_at = null`,
    [user_id, subject, customer_id, document_fingerprint, now],
  )
}

export async function lockClaim(tx: Tx, user_id: string): Promise<Claim | undefined> {
  const [row] = await tx.query<Claim>(
    `select subject, customer_id, document_fingerprint, proven_at from claims where user_id = $1 for update`,
    [user_id],
  )
  return row
}

export async function markProven(tx: Tx, user_id: string, now: Date): Promise<void> {
  await tx.query(`update claims set proven_at = $2 where user_id = $1`, [user_id, now])
}

/** The record that the account has proved to be its own. */
export async function provenRecord(tx: Queryable, user_id: string): Promise<number | undefined> {
  const [row] = await tx.query<Pick<Claim, 'customer_id'>>(
    `select customer_id from claims where user_id = $1 and proven_at is not null`,
    [user_id],
  )
  return row?.customer_id
}

export async function forgetClaim(tx: Queryable, user_id: string): Promise<void> {
  await tx.query(`delete from claims where user_id = $1`, [user_id])
}

/** Proved claims that are not tied yet, because a process died in between, or cliente-service was away. */
export const claimsToTie = (tx: Queryable, limit: number) =>
  tx.query<{ user_id: string }>(`select user_id from claims where proven_at is not null order by proven_at limit $1`, [
    limit,
  ])

/** A chore: removes claims that nobody proved. */
export const removeOldClaims = async (database: Queryable, before: Date, limit: number): Promise<number> =>
  (
    await database.query(
      `delete from claims where user_id in (
         select user_id from claims where proven_at is null and created_at < $1 order by created_at limit $2
         for update skip locked)
       returning 1 as removed`,
      [before, limit],
    )
  ).length

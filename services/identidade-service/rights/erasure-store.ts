/** The SQL that removes accounts with everything that belongs to them: sessions, passkeys, second factors, claims, mails to send. */
import type { Tx } from '#platform/database/database'

/** The accounts of these customers. */
export async function deleteAccountsOf(tx: Tx, customer_ids: readonly number[]): Promise<void> {
  const found = await tx.query<{ user_id: string }>(
    `select user_id from accounts where customer_id = any($1::bigint[])`,
    [customer_ids],
  )
  for (const { user_id } of found) await deleteAccount(tx, user_id)
}

export async function deleteAccount(tx: Tx, user_id: string): Promise<void> {
  const theirs = `(select "email" from "user" where "id" = $1)`
  await tx.query(`delete from notices where address_fingerprint = ${theirs}`, [user_id])
  await tx.query(`delete from sign_ups where email_fingerprint = ${theirs}`, [user_id])
  // a sign-up's code has the id that became the account's
  const codes = `select subject from claims where user_id = $1::text union all select $1::text::uuid`
  await tx.query(`delete from codes where subject in (${codes})`, [user_id])
  await tx.query(`delete from "user" where "id" = $1`, [user_id]) // the other tables' rows go with it
}

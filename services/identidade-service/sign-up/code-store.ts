/** The SQL of codes: each is bound to its subject and kept as a keyed hash; tries are counted in its locked row. */
import { randomInt } from 'node:crypto'
import type { Tx } from '#platform/database/database'
import type { Vault } from '#platform/vault/vault'
import { CODE_LIVES_MS, CODE_TRIES, type StoredCode, tryCode } from '../domain/code.ts'

const hashOf = (vault: Vault, subject: string, code: string) =>
  vault.fingerprint('codes.code_hash', `${subject} ${code}`)

export const newCode = (): string => String(randomInt(1_000_000)).padStart(6, '0')

/** The code of the subject; it replaces an earlier one. */
export async function keepCode(tx: Tx, vault: Vault, subject: string, code: string, now: Date): Promise<void> {
  await tx.query(
    `insert into codes (subject, code_hash, tries_left, expires_at) values ($1, $2, $3, $4)
     on conflict (subject) do update set code_hash = excluded.code_hash, tries_left = excluded.tries_left,
       expires_at = excluded.expires_at, used_at = null`,
    [subject, hashOf(vault, subject, code), CODE_TRIES, new Date(now.getTime() + CODE_LIVES_MS)],
  )
}

/** Uses up a try, or the code. The caller's transaction must commit even when the code is wrong: otherwise the try does not count. */
export async function tryStoredCode(tx: Tx, vault: Vault, subject: string, code: string, now: Date): Promise<boolean> {
  const [stored] = await tx.query<StoredCode>(
    `select code_hash, tries_left, expires_at, used_at from codes where subject = $1 for update`,
    [subject],
  )
  if (!stored) return false
  const after = tryCode(stored, hashOf(vault, subject, code), now)
  if (after === 'wrong_code') return false
  await tx.query(`update codes set tries_left = $2, used_at = $3 where subject = $1`, [
    subject,
    after.tries_left,
    after.used_at,
  ])
  return after.used_at !== null
}

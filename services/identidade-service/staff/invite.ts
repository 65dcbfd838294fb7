/** Invites somebody to the staff by a link that opens once: printed for the first admin, mailed to the others. */
import { randomBytes } from 'node:crypto'
import type { Tx } from '#platform/database/database'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import { findAccountByAddress, insertAccount } from '../accounts/account-store.ts'
import { type Fingerprints, normalEmail } from '../accounts/fingerprints.ts'
import { type Invitation, insertInvitation, takeInvitation } from './invitation-store.ts'

interface InviteParts {
  readonly vault: Vault
  readonly prints: Fingerprints
}

/** Milliseconds. */
const INVITATION_LIVES_MS = 3 * 86_400_000

export interface Wanted extends Omit<Invitation, 'expires_at'> {
  readonly invited_by: string
}

/** Returns the link's token, which is stored nowhere. Throws `account_exists`. */
export async function invite(tx: Tx, { vault, prints }: InviteParts, wanted: Wanted, now: Date): Promise<string> {
  const email = normalEmail(wanted.email)
  const address = prints.addressOf(email)
  if (await findAccountByAddress(tx, address)) throw new Problem('account_exists')
  const token = randomBytes(32).toString('base64url')
  const expires_at = new Date(now.getTime() + INVITATION_LIVES_MS)
  await insertInvitation(tx, vault, { ...wanted, email, address, expires_at, token_hash: hashOf(vault, token) }, now)
  return token
}

/** The account's id; undefined when the link is no longer valid. The mail that brought the link has proved the address. */
export async function accept(
  tx: Tx,
  parts: InviteParts,
  { token, user_id, password_hash }: { token: string; user_id: string; password_hash: string },
  now: Date,
): Promise<string | undefined> {
  const found = await takeInvitation(tx, parts.vault, hashOf(parts.vault, token), now)
  if (!found) return undefined
  const { role, scope, email, name, document } = found
  await insertAccount(
    tx,
    parts,
    { user_id, role, scope, email, name, document, password_hash, registration: null },
    now,
  )
  return user_id
}

/** The page that the link leads to. */
export const linkOf = (origin: string, token: string): string => `${origin}/convite/${token}`

const hashOf = (vault: Vault, token: string) => vault.fingerprint('invitations.token', token)

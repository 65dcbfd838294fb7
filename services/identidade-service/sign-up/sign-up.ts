/**
 * Signing up: a person's data is kept sealed until a code proves the address; then one transaction makes the account, under the
 * sign-up's own id. A sign-up with an address that already has an account does the same work and gets the same answer, but no
 * code completes it: the owner is told by mail instead. So nobody learns who has an account, nobody proves another person's
 * password, and every account has a proved address.
 */
import type { UnitOfWork } from '#messaging'
import type { Clock } from '#platform/clock'
import { violatedConstraint } from '#platform/database/pg-errors'
import { findAccountByAddress, insertAccount } from '../accounts/account-store.ts'
import type { Passwords } from '../accounts/passwords.ts'
import { CODE_LIVES_MS } from '../domain/code.ts'
import type { Registration } from '../domain/registration.ts'
import { type NoticeParts, tell, tellCode } from '../notices/notices.ts'
import { tryStoredCode } from './code-store.ts'
import { findSignUp, forgetSignUps, insertSignUp } from './sign-up-store.ts'

export interface SignUpParts extends NoticeParts {
  readonly unitOfWork: UnitOfWork
  readonly passwords: Passwords
  readonly clock: Clock
}

/** Returns the handle that must come back with the code. */
export async function signUp(
  parts: SignUpParts,
  given: { readonly email: string; readonly password: string; readonly registration: Registration },
): Promise<string> {
  const { unitOfWork, vault, prints, ids, passwords, clock } = parts
  const password_hash = await passwords.hash(given.password)
  const { email, registration } = given
  const handle = ids.uuid()
  const address = prints.addressOf(email)
  await unitOfWork(async (tx, send) => {
    const now = clock.now()
    const is_known = (await findAccountByAddress(tx, address)) !== undefined
    await insertSignUp(tx, vault, { handle, email, registration, password_hash, is_known }, address, now)
    const expires_at = new Date(now.getTime() + CODE_LIVES_MS)
    const notice = { email, content: { name: registration.name }, expires_at }
    if (is_known) await tell(tx, send, parts, { ...notice, kind: 'sign_up_known', content: {} }, now)
    else await tellCode(tx, send, parts, { ...notice, kind: 'sign_up_code' }, handle, now)
  })
  return handle
}

/** Sends another code for the same sign-up; an earlier one ends. The answer is the same when there is no such sign-up. */
export const resendCode = (parts: SignUpParts, handle: string): Promise<void> =>
  parts.unitOfWork(async (tx, send) => {
    const { vault, clock } = parts
    const now = clock.now()
    const found = await findSignUp(tx, vault, handle)
    if (!found || found.is_known) return
    const { email, registration } = found
    const expires_at = new Date(now.getTime() + CODE_LIVES_MS)
    const notice = { kind: 'sign_up_code', email, content: { name: registration.name }, expires_at } as const
    await tellCode(tx, send, parts, notice, handle, now)
  })

/** The account's id; undefined for a wrong or old code, an unknown sign-up, or an address that got an account meanwhile. */
export async function proveSignUp(parts: SignUpParts, handle: string, code: string): Promise<string | undefined> {
  const { unitOfWork, vault, prints, clock } = parts
  try {
    return await unitOfWork(async (tx) => {
      const now = clock.now()
      const found = await findSignUp(tx, vault, handle)
      const isRight = await tryStoredCode(tx, vault, handle, code, now)
      if (!found || found.is_known || !isRight) return undefined
      const { email, registration, password_hash } = found
      const account = { role: 'customer', scope: null, name: null, document: null } as const
      await insertAccount(tx, parts, { ...account, user_id: handle, email, registration, password_hash }, now)
      await forgetSignUps(tx, prints.addressOf(email))
      return handle
    })
  } catch (error) {
    if (violatedConstraint(error) === 'user_email_key') return undefined // of two sign-ups proved at once, the first gets the account
    throw error
  }
}

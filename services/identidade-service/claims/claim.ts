/**
 * Claiming a record that the counter made. A code goes to the record's proven e-mail, whoever asks. It works only for this
 * account and this record, together with the record's document. cliente-service decides which records may be claimed, when
 * the code is sent and again when it was right.
 */
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { EntityId } from '#contracts'
import { PeerFault } from '#platform/peers'
import { tieCustomer } from '../accounts/account-store.ts'
import { CODE_LIVES_MS } from '../domain/code.ts'
import { tellCode } from '../notices/notices.ts'
import { tryStoredCode } from '../sign-up/code-store.ts'
import type { CustomerParts } from '../sign-up/customers.ts'
import type { SignUpParts } from '../sign-up/sign-up.ts'
import { claimsToTie, forgetClaim, insertClaim, lockClaim, markProven, provenRecord } from './claim-store.ts'

export type ClaimParts = CustomerParts & Omit<SignUpParts, 'passwords'>

const Claimable = Compile(Type.Object({ customer_id: EntityId, email: Type.String() }))
const AT_ONCE = 20

/** Sends the code, if there is such a record. The answer is the same if there is none. Rejects with PeerFault. */
export async function sendClaimCode(parts: ClaimParts, user_id: string, document: string): Promise<void> {
  const { ask, unitOfWork, prints, ids, clock } = parts
  const answer = await ask('cliente-service', `/account-customers/${user_id}/claimable`, 'POST', { document })
  if (answer.status === 404) return
  const found: unknown = answer.content
  if (answer.status !== 200 || !Claimable.Check(found)) throw new PeerFault(`cliente-service answered ${answer.status}`)
  const { customer_id, email } = found
  const subject = ids.uuid()
  const now = clock.now()
  await unitOfWork(async (tx, send) => {
    await insertClaim(tx, user_id, { subject, customer_id, document_fingerprint: prints.documentOf(document) }, now)
    const expires_at = new Date(now.getTime() + CODE_LIVES_MS)
    await tellCode(tx, send, parts, { kind: 'claim_code', email, content: {}, expires_at }, subject, now)
  })
}

/** Whether the code was right, for this account, record and document. A wrong document uses up a try as a wrong code does. */
export const proveClaim = (
  { unitOfWork, vault, prints, clock }: ClaimParts,
  user_id: string,
  document: string,
  code: string,
): Promise<boolean> =>
  unitOfWork(async (tx) => {
    const now = clock.now()
    const claim = await lockClaim(tx, user_id)
    if (!claim) return false
    if (claim.proven_at !== null) return claim.document_fingerprint === prints.documentOf(document)
    const typed = claim.document_fingerprint === prints.documentOf(document) ? code : ''
    if (!(await tryStoredCode(tx, vault, claim.subject, typed, now))) return false
    await markProven(tx, user_id, now)
    return true
  })

/** The customer that the account now has; undefined when the record may not be claimed any more. Rejects with PeerFault. */
export async function tieClaimed(parts: ClaimParts, user_id: string): Promise<number | undefined> {
  const { database, ask } = parts
  const customer_id = await provenRecord(database, user_id)
  if (customer_id === undefined) return undefined
  const { status } = await ask('cliente-service', `/account-customers/${user_id}/claim`, 'PUT', { customer_id })
  if (status !== 200 && status !== 404) throw new PeerFault(`cliente-service answered ${status}`)
  if (status === 200) await tieCustomer(database, user_id, customer_id)
  await forgetClaim(database, user_id)
  return status === 200 ? customer_id : undefined
}

/** Finishes claims that were interrupted between the code and the customer. */
export async function tieAllClaimed(parts: ClaimParts, onError: (error: unknown) => void): Promise<void> {
  for (const { user_id } of await claimsToTie(parts.database, AT_ONCE)) await tieClaimed(parts, user_id).catch(onError)
}

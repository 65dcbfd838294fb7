/**
 * The customer of an account. cliente-service makes it at once from the sign-up, keyed by the account, so that asking again
 * makes no second one. While cliente-service does not answer, an alarm asks again.
 */
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { EntityId } from '#contracts'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database/database'
import type { AskPeer } from '#platform/peers'
import type { Vault } from '#platform/vault/vault'
import { accountsWithoutCustomer, openPerson, refuseRegistration, tieCustomer } from '../accounts/account-store.ts'
import type { Fingerprints } from '../accounts/fingerprints.ts'

export interface CustomerParts {
  readonly database: Database
  readonly vault: Vault
  readonly prints: Fingerprints
  readonly clock: Clock
  readonly ask: AskPeer
}

const Made = Compile(Type.Object({ customer_id: EntityId }))
const AT_ONCE = 20

/** Rejects with PeerFault when cliente-service does not answer. */
export async function makeCustomer(parts: CustomerParts, user_id: string): Promise<void> {
  const { database, ask } = parts
  const person = await openPerson(database, parts, user_id)
  if (!person?.registration) return
  const { name, document, birth_date, phone, representative } = person.registration
  const body = {
    ...{ name, document, phone, email: person.email },
    ...(birth_date !== null && { birth_date }),
    ...(representative !== null && { representative }),
  }
  const answer = await ask('cliente-service', `/account-customers/${user_id}`, 'PUT', body)
  if (answer.status === 409) return refuseRegistration(database, user_id)
  const made: unknown = answer.content
  if (answer.status !== 200 || !Made.Check(made))
    throw new Error(`cliente-service answered ${answer.status} to an account`)
  await tieCustomer(database, user_id, (made as Static<typeof EntityId> & { customer_id: number }).customer_id)
}

export async function makeAllCustomers(parts: CustomerParts, onError: (error: unknown) => void): Promise<void> {
  const waiting = await accountsWithoutCustomer(parts.database, AT_ONCE)
  for (const { user_id } of waiting) await makeCustomer(parts, user_id).catch(onError)
}

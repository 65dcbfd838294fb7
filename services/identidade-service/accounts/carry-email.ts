/** A changed e-mail goes to the account's customer too: at once, and again until cliente-service has taken it. */
import { PeerFault } from '#platform/peers'
import type { CustomerParts } from '../sign-up/customers.ts'
import { accountsToCarry, markCarried, openPerson, settleEmail, unsettledEmails } from './account-store.ts'

const AT_ONCE = 20

/** `told`: the address that was notified already. Rejects with PeerFault. */
export async function carryEmail(parts: CustomerParts, user_id: string, told?: string): Promise<void> {
  const { database, ask } = parts
  const email = (await openPerson(database, parts, user_id))?.email
  if (!email) return
  const body = { email, ...(told && { told }) }
  const { status } = await ask('cliente-service', `/account-customers/${user_id}/email`, 'PUT', body)
  // another customer has the address, or there is no customer: the old address stays, and asking again would change nothing
  if (![200, 404, 409].includes(status)) throw new PeerFault(`cliente-service answered ${status}`)
  await markCarried(database, user_id)
}

/**
 * Settles changes that were interrupted after the library's own change, so that the account has the address that it has
 * proved.
 */
async function settleCutOff(parts: CustomerParts): Promise<void> {
  const { database, vault, clock } = parts
  for (const { user_id, email, is_changed } of await unsettledEmails(database, parts, AT_ONCE))
    if (is_changed) await database.transaction((tx) => settleEmail(tx, vault, user_id, email, clock.now()))
}

export async function carryAll(parts: CustomerParts, onError: (error: unknown) => void): Promise<void> {
  await settleCutOff(parts)
  for (const { user_id } of await accountsToCarry(parts.database, AT_ONCE))
    await carryEmail(parts, user_id).catch(onError)
}

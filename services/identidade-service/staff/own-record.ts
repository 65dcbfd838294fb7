/**
 * The own customer record of a member of staff, found by their document, because nobody may act on their own record. It is looked
 * up for each of their tokens, because a record may be made, corrected or erased at any time. While cliente-service does not
 * answer, the last known answer holds.
 */
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { EntityId } from '#contracts'
import { PeerFault } from '#platform/peers'
import { openPerson, writeOwnRecord } from '../accounts/account-store.ts'
import type { CustomerParts } from '../sign-up/customers.ts'

const OwnRecord = Compile(Type.Object({ customer_id: Type.Union([EntityId, Type.Null()]) }))

/** Rejects with PeerFault. */
export async function lookUpOwnRecord(parts: CustomerParts, user_id: string): Promise<void> {
  const { database, ask } = parts
  const document = (await openPerson(database, parts, user_id))?.document
  if (!document) return
  const { status, content } = await ask('cliente-service', `/account-customers/${user_id}/own-record`, 'POST', {
    document,
  })
  if (status !== 200 || !OwnRecord.Check(content)) throw new PeerFault(`cliente-service answered ${status}`)
  await writeOwnRecord(database, user_id, content.customer_id)
}

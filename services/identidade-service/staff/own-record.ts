/**
 * Which customer record is that of somebody who works here, by their document: nobody acts on it. Looked up at each of their
 * tokens, for a record may be made, corrected or erased at any time; while nobody can be asked, what was known last holds.
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

/** Sends a vehicle's state, as this transaction leaves it, to the owner's books. */
import { vehicleAccounted } from '#contracts'
import { outgoing, type Send } from '#messaging'
import type { Ids } from '#platform/clock'
import type { Tx } from '#platform/database/database'
import { findAccounts } from './account-store.ts'

export async function tellAccount(tx: Tx, send: Send, ids: Ids, id: number): Promise<void> {
  const [account] = await findAccounts(tx, [id])
  if (account) send(outgoing(vehicleAccounted, ids.uuid(), account))
}

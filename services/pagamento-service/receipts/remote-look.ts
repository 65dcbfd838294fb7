/** Asks the provider about charges that are reported as paid: only its own answer is believed. No transaction is open meanwhile. */
import type { Database } from '#platform/database/database'
import { Problem } from '#platform/problem'
import { remoteChargesNamed } from '../charges/listing-store.ts'
import { ProviderFault, type RemoteCharges } from '../domain/provider.ts'
import type { NamedReceipt } from './receipts.ts'

/**
 * Which of these codes and txids are charges at the provider, and all payments for them. Throws the problem `unavailable` when
 * the provider can't be asked: the sender of the report will send it again.
 */
export type RemoteLook = (names: readonly string[]) => Promise<{
  readonly looked: ReadonlySet<string>
  readonly receipts: readonly NamedReceipt[]
}>

export const remoteLook =
  (database: Database, provider: RemoteCharges): RemoteLook =>
  async (names) => {
    const charges = await remoteChargesNamed(database, names)
    const states = await Promise.all(charges.map(({ txid }) => provider.look(txid).catch(asProblem)))
    return {
      looked: new Set(charges.flatMap(({ code, txid }) => [code, txid])),
      receipts: states.flatMap(({ pix }, index) => pix.map((one) => ({ ...one, name: charges[index]?.txid ?? '' }))),
    }
  }

function asProblem(error: unknown): never {
  throw error instanceof ProviderFault ? new Problem('unavailable') : error
}

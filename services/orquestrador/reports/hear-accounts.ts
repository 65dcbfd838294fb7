/**
 * Asks veiculo-service for every vehicle, because it has sent no message about some of them since reports were introduced.
 */
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { vehicleAccounted } from '#contracts'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database/database'
import { type AskPeer, PeerFault } from '#platform/peers'
import { accountFact, keepFacts } from './facts.ts'

const Page = Compile(Type.Object({ accounts: Type.Array(vehicleAccounted.body) }))

export async function hearAccounts(database: Database, ask: AskPeer, clock: Clock): Promise<void> {
  for (let after = 0; ; ) {
    const { status, content } = await ask('veiculo-service', `/vehicles/accounts?after=${after}`, 'GET')
    if (status !== 200 || !Page.Check(content)) throw new PeerFault(`veiculo-service answered ${status}`)
    const last = content.accounts.at(-1)
    if (!last) return
    const occurred_at = clock.now().toISOString()
    await database.transaction((tx) =>
      keepFacts(
        tx,
        content.accounts.map((body) => accountFact({ occurred_at, body })),
      ),
    )
    after = last.vehicle_id
  }
}

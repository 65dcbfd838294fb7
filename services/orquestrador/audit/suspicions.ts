/** Acts of people, of the last day and from every service, that an audit asks about although no records disagree. */
import { Compile } from 'typebox/compile'
import { type Suspicion, Suspicions } from '#contracts'
import type { FindSuspicions } from '#host'
import type { Database } from '#platform/database/database'
import type { AskPeer } from '#platform/peers'
import { contentOf } from '../records/content.ts'
import { type Finding, finding } from './findings.ts'
import { heldForNothing } from './suspicion-store.ts'

const DAY_MS = 86_400_000
/** So many unpaid purchases by Pix of one vehicle in a day are suspicious. */
const TIMES = 3

export const heldAgain =
  (database: Database): FindSuspicions =>
  async (since) =>
    (await heldForNothing(database, since, TIMES)).map(({ vehicle_id, purchases, customers }) => ({
      kind: 'held_again_and_again',
      subject: `vehicle ${vehicle_id}`,
      facts: `${purchases} purchases by Pix of ${customers} customers in a day, none paid`,
    }))

const Page = Compile(Suspicions)

export async function suspicions(
  ask: AskPeer,
  own: FindSuspicions,
  others: readonly string[],
  now: Date,
): Promise<Finding[]> {
  const since = new Date(now.getTime() - DAY_MS)
  const path = `/suspicions?since=${encodeURIComponent(since.toISOString())}`
  const told = await Promise.all(others.map(async (name) => (await contentOf(ask, name, path, Page)).suspicions))
  return [...told.flat(), ...(await own(since))].map(({ kind, subject, facts }: Suspicion) =>
    finding(kind, subject, facts),
  )
}

/** How long data is kept, as configured, and the chores that delete it. */
import type { Chore } from '#host'
import type { Config } from '#platform/config'
import type { Periods } from '../domain/erasure.ts'
import { type ErasureParts, erase, eraseOutlived, tellAgain } from './erasure.ts'
import { inactiveCustomers, lastCustomer } from './erasure-store.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

export const periodsOf = (config: Config): Periods => ({
  coaf: config.RETENTION_COAF_DAYS * DAY_MS,
  fiscal: config.RETENTION_FISCAL_DAYS * DAY_MS,
  claims: config.RETENTION_CLAIMS_DAYS * DAY_MS,
})

/** How many customers one round looks at: with a round an hour, 240,000 a day. */
const ROUND = 10_000

export function retentionChores(parts: ErasureParts, inactiveDays: number): Chore[] {
  let place = 0

  /** Looks through customers by id: an index on their last change would be rewritten by every purchase. */
  async function eraseInactive(database: Parameters<Chore['remove']>[0], before: Date, limit: number): Promise<number> {
    const ids = await inactiveCustomers(database, before, place, place + ROUND, limit)
    let erased = 0
    for (const id of ids) {
      const isStillInactive = (changed: Date) => changed < before
      if (typeof (await erase(parts, id, 'retention', isStillInactive)) !== 'string') erased += 1
    }
    place = ids.length === limit ? (ids.at(-1) ?? 0) : place + ROUND
    if (place >= (await lastCustomer(database))) place = 0
    return erased // fewer than the limit when one failed, so that the rest waits an hour instead of being tried in a loop
  }

  return [
    { what: 'inactive customers', keepForMs: inactiveDays * DAY_MS, batch: 100, remove: eraseInactive },
    {
      what: 'records of erased people',
      keepForMs: 0,
      batch: 100,
      remove: (_database, before, limit) => eraseOutlived(parts, before, limit),
    },
    {
      what: 'erasures told of again',
      keepForMs: HOUR_MS,
      batch: 100,
      remove: (_database, before, limit) => tellAgain(parts, before, limit),
    },
  ]
}

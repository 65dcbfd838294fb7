/** Moves the history of purchases that ended long ago to an archive, where it can still be read. */
import type { Chore } from '#host'
import { archiveHistories } from './history-store.ts'

const DAY_MS = 86_400_000
/** Purchases in a batch, with some 1,400 lines. */
const BATCH = 200
const FIRST = '00000000-0000-0000-0000-000000000000'

/** `days` 0: never. */
export function historyChores(days: number): Chore[] {
  if (days === 0) return []
  let after = FIRST
  return [
    {
      what: 'histories of old purchases',
      keepForMs: days * DAY_MS,
      batch: BATCH,
      async remove(database, before, limit) {
        const found = await archiveHistories(database, { after, before, limit })
        // a batch starts where the last one ended, so that it does not scan the dead rows of that one
        after = (found.length === limit && found.at(-1)?.transaction_id) || FIRST
        return found.length
      },
    },
  ]
}

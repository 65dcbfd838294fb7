/**
 * Rows whose messages the bus has taken over wait here, to be removed together a little later. A row that stays longer costs
 * nothing; a transaction for each row would.
 */
import type { Database } from '#platform/database/database'
import { removeSent } from './outbox.ts'

export interface SentRows {
  add(id: string): void
  /** Never rejects. */
  removeNow(): Promise<void>
}

const REMOVE_AFTER_MS = 100

/** `onKept` is told why rows could not be removed: their messages will be published once more, which does no harm. */
export function sentRows(database: Database, onKept: (error: unknown) => void): SentRows {
  let waiting: string[] = []
  let timer: NodeJS.Timeout | undefined

  async function removeNow() {
    clearTimeout(timer)
    timer = undefined
    const ids = waiting
    waiting = []
    try {
      if (ids.length > 0) await removeSent(database, ids)
    } catch (error) {
      onKept(error)
    }
  }

  return {
    add(id) {
      waiting.push(id)
      timer ??= setTimeout(() => void removeNow(), REMOVE_AFTER_MS)
    },
    removeNow,
  }
}

/**
 * A start that waits for its database, which may come up later than this process, or be unreachable for a while. It does
 * not wait for a database that does not exist or that refuses the user.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import { isMissing, isRefused, isUnavailable } from '#platform/database/pg-errors'

export async function onceThere<T>(start: () => Promise<T>, log: Logger): Promise<T> {
  for (let delay = 200; ; delay = Math.min(2 * delay, 5_000)) {
    try {
      return await start()
    } catch (err) {
      if (!isUnavailable(err) || isRefused(err) || isMissing(err)) throw err
      log.warn({ err }, 'the database cannot be reached yet')
      await pause(delay)
    }
  }
}

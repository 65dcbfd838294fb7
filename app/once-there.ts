/** A start that waits for its database, which may come up later than this process, or be unreachable for a while. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import { isUnavailable } from '#platform/database/database'

export async function onceThere<T>(start: () => Promise<T>, log: Logger): Promise<T> {
  for (let delay = 200; ; delay = Math.min(2 * delay, 5_000)) {
    try {
      return await start()
    } catch (err) {
      if (!isUnavailable(err)) throw err
      log.warn({ err }, 'the database cannot be reached yet')
      await pause(delay)
    }
  }
}

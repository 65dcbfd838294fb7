/** An alarm clock for moments that are stored in the database: sleeps until the next one, acts, and asks again. No polling. */
import { detached } from './tracing.ts'

export interface Alarm extends AsyncDisposable {
  /** Something is due at this moment: the alarm rings by then. */
  expect(at: Date): void
}

/** A moment that a replica stored before it died is found after this time at most. (setTimeout's own limit is 2^31 ms.) */
const LONGEST_SLEEP_MS = 30_000

/**
 * `ring` does the work that is due and returns the next due moment, or null. It is called at once, then at each such moment.
 * When it throws, it is called again after `retryAfterMs` ms.
 */
export function startAlarm(
  ring: () => Promise<Date | null>,
  onError: (error: unknown) => void,
  retryAfterMs = 1_000,
): Alarm {
  let timer: NodeJS.Timeout | undefined
  let dueAt = Number.POSITIVE_INFINITY
  let ringing: Promise<void> | undefined
  let stopped = false

  function expect(at: Date) {
    if (stopped || at.getTime() >= dueAt) return
    dueAt = at.getTime()
    clearTimeout(timer)
    timer = setTimeout(
      () => {
        ringing ??= act()
      },
      Math.min(Math.max(dueAt - Date.now(), 0), LONGEST_SLEEP_MS),
    )
  }

  async function act() {
    dueAt = Number.POSITIVE_INFINITY
    let next: Date | null
    try {
      next = await detached(ring)
    } catch (error) {
      onError(error)
      next = new Date(Date.now() + retryAfterMs)
    }
    ringing = undefined
    const expected = dueAt // its timer may have gone off during this ring
    dueAt = Number.POSITIVE_INFINITY
    expect(new Date(Math.min(expected, next?.getTime() ?? Date.now() + LONGEST_SLEEP_MS)))
  }

  ringing = act()
  return {
    expect,
    async [Symbol.asyncDispose]() {
      stopped = true
      clearTimeout(timer)
      await ringing
    },
  }
}

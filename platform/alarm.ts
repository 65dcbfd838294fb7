/** A durable clock's hands: sleeps until the next moment that the database knows of, acts, and asks again. No polling. */

export interface Alarm extends AsyncDisposable {
  /** Says that something is due at this moment: the alarm rings then, if not earlier. */
  expect(at: Date): void
}

/** What another replica wrote into the database, and died of, is found this late at most; and setTimeout's own limit is 2^31 ms. */
const LONGEST_SLEEP_MS = 30_000

/**
 * `ring` does what is due and returns the next due moment, or null. It is called at once, then whenever one has come.
 * When it throws, it is called again after `retryAfter` ms.
 */
export function startAlarm(
  ring: () => Promise<Date | null>,
  onError: (error: unknown) => void,
  retryAfter = 1_000,
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
      next = await ring()
    } catch (error) {
      onError(error)
      next = new Date(Date.now() + retryAfter)
    }
    ringing = undefined
    const expected = dueAt // its timer can have gone off while this ring was under way
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

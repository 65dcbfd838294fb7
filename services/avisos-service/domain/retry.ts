/** When a mail that could not be sent is tried again: soon, then ever more seldom, for a day. */

const MINUTE_MS = 60_000

/** Milliseconds after each try that failed; their sum is a day. A greylisting server lets the second or third one in. */
const PAUSES = [1, 4, 10, 15, 30, 60, 120, 240, 360, 600].map((minutes) => minutes * MINUTE_MS)

/** Undefined when it was tried long enough. `tries`: the failed ones, including this one. */
export function nextTry(tries: number, now: Date): Date | undefined {
  const pause = PAUSES[tries - 1]
  return pause === undefined ? undefined : new Date(now.getTime() + pause)
}

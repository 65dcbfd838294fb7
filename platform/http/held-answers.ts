/** Refusals of clients that go on asking: a client that does not slow down by itself is slowed by its answers, which cost nothing while they wait. */
import { paceOf } from './rate-limit-pace.ts'

/** Refusals of an address in a minute that are answered at once; each further one waits. */
const REFUSED_AT_ONCE = 60
const HELD_MS = 1_000
/** The most answers that wait; others are sent at once. */
const MOST_HELD = 5_000

/** Sends the refusal of this address, now or later. `now`: milliseconds of a clock that never goes back. */
export function heldAnswers(now: () => number): (address: string, send: () => void) => void {
  const refusals = paceOf(REFUSED_AT_ONCE)
  let held = 0
  return (address, send) => {
    if (refusals.take(address, now())?.allowed || held >= MOST_HELD) return send()
    held += 1
    setTimeout(() => {
      held -= 1
      send()
    }, HELD_MS)
  }
}

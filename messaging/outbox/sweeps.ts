/** When an outbox is swept: one sweep at a time, regularly, and soon after anything that may have left rows behind. */
import { detached } from '#platform/tracing'

export interface Sweeps {
  /** Begins a sweep unless one is running; resolves when it is over. */
  now(ageMs: number): Promise<void>
  /** Begins a sweep after `delayMs`, unless one is due earlier. */
  soon(delayMs: number): void
  every(intervalMs: number): void
  readonly areStopped: boolean
  /** No sweep begins from now on; resolves when the last one is over. */
  stop(): Promise<void>
}

/** `sweep` is given the age that rows must have; `onFault` is told why it could not be done. */
export function sweeps(
  sweep: (ageMs: number) => Promise<void>,
  standardAgeMs: number,
  onFault: (error: unknown) => void,
): Sweeps {
  let running: Promise<void> | undefined
  let regular: NodeJS.Timeout | undefined
  let next: NodeJS.Timeout | undefined
  let areStopped = false

  function now(ageMs: number): Promise<void> {
    running ??= detached(() => sweep(ageMs))
      .catch(onFault)
      .finally(() => {
        running = undefined
      })
    return running
  }

  return {
    now,
    soon(delayMs) {
      if (areStopped) return
      next ??= setTimeout(() => {
        next = undefined
        void now(standardAgeMs)
      }, delayMs)
    },
    every(intervalMs) {
      regular = setInterval(() => void now(standardAgeMs), intervalMs)
    },
    get areStopped() {
      return areStopped
    },
    async stop() {
      areStopped = true
      clearInterval(regular)
      clearTimeout(next)
      await running
    },
  }
}

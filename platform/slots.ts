/** A limit on how many work at once: further callers wait for a place, but not for long. */

export interface Slots {
  /** Resolves with a function that gives the place back; rejects with NoSlot when no place was free in time. */
  take(): Promise<() => void>
  /** How many wait for one. */
  waiting(): number
}

export class NoSlot extends Error {
  readonly code = 'NO_SLOT'
}

/** Places are given in the order in which they were asked for; nobody waits longer than `patienceMs`. */
export function slots(count: number, patienceMs: number): Slots {
  let free = count
  const waiting = new Set<() => void>()

  function taken(): () => void {
    let isBack = false
    return () => {
      if (isBack) return
      isBack = true
      const [next] = waiting
      if (next) next()
      else free += 1
    }
  }

  return {
    waiting: () => waiting.size,
    take() {
      if (free > 0) {
        free -= 1
        return Promise.resolve(taken())
      }
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(enter)
          reject(new NoSlot(`nothing was free for ${patienceMs} ms`))
        }, patienceMs)
        function enter() {
          clearTimeout(timer)
          waiting.delete(enter)
          resolve(taken())
        }
        waiting.add(enter)
      })
    },
  }
}

/**
 * Batches take turns. Each queue of a process would start a batch as soon as it has one message, and a loaded machine
 * would be busy with many small transactions; while they wait for their turn, queues grow, and the fullest goes next.
 * An idle process gives every turn at once, so nothing is held back at low load.
 *
 * Measured with 16 purchases in flight: 2.6 times the throughput, a third of the latency; with 256: 1.2 times.
 */
export interface Turns {
  /** Resolves when the queue may take its batch; `size` tells how much it holds by then. */
  begin(size: () => number): Promise<void> | undefined
  /** The batch is done. */
  end(): void
  /** A queue that waits for its turn has grown. */
  grown(): void
}

/** While one batch waits for the database, further ones as large as this keep the processor busy. */
const WORTHWHILE = 24
const AT_ONCE = 6
/** Milliseconds after which a queue goes whoever else is at it: a batch that waits for a lock must not hold up the rest. */
const PATIENCE = 100

interface Waiting {
  readonly size: () => number
  readonly since: number
  readonly go: () => void
}

export function turns(): Turns {
  const waiting: Waiting[] = []
  let taken = 0
  let impatience: NodeJS.Timeout | undefined

  function next(): Waiting | undefined {
    const [first, ...others] = waiting
    if (!first || performance.now() - first.since >= PATIENCE) return first
    if (taken >= AT_ONCE) return undefined
    const fullest = others.reduce((best, one) => (one.size() > best.size() ? one : best), first)
    return taken === 0 || fullest.size() >= WORTHWHILE ? fullest : undefined
  }

  function grant() {
    for (let chosen = next(); chosen; chosen = next()) {
      waiting.splice(waiting.indexOf(chosen), 1)
      taken += 1
      chosen.go()
    }
    clearTimeout(impatience)
    const [first] = waiting
    if (first) impatience = setTimeout(grant, Math.max(first.since + PATIENCE - performance.now(), 0))
  }

  return {
    begin(size) {
      if (taken > 0) {
        return new Promise((go) => {
          waiting.push({ size, since: performance.now(), go })
          grant()
        })
      }
      taken += 1
      return undefined
    },
    end() {
      taken -= 1
      grant()
    },
    grown() {
      if (waiting.length > 0 && taken < AT_ONCE) grant()
    },
  }
}

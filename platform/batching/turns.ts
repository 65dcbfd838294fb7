/**
 * Batches take turns. If each queue started a batch as soon as it has one message, a loaded machine would be busy with many
 * small transactions. Queues that wait for their turn grow, and the fullest goes next.
 *
 * A queue is idle, waiting, or at work. It asks for its turn by `begin`. When no queue is at work, it goes to work at once, so
 * nothing is held back at low load; else it waits. A waiting queue goes to work in one of three cases: no queue is at work any
 * more; it is the fullest, holds a worthwhile batch, and few others are at work; or it has waited for too long. `end` makes it
 * idle. Every change that can end a wait (`begin`, `end`, `grown`, and the longest wait's end) looks at all waiting queues.
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
/** After this wait a queue goes to work, however many others are: a batch that waits for a lock must not hold up the rest. */
const LONGEST_WAIT_MS = 100

interface Waiting {
  readonly size: () => number
  readonly since: number
  readonly go: () => void
}

export function turns(): Turns {
  const waiting: Waiting[] = []
  let atWork = 0
  let overdue: NodeJS.Timeout | undefined

  function next(): Waiting | undefined {
    const [first, ...others] = waiting
    if (!first || performance.now() - first.since >= LONGEST_WAIT_MS) return first
    if (atWork >= AT_ONCE) return undefined
    const fullest = others.reduce((best, one) => (one.size() > best.size() ? one : best), first)
    return atWork === 0 || fullest.size() >= WORTHWHILE ? fullest : undefined
  }

  function grant() {
    for (let chosen = next(); chosen; chosen = next()) {
      waiting.splice(waiting.indexOf(chosen), 1)
      atWork += 1
      chosen.go()
    }
    clearTimeout(overdue)
    const [first] = waiting
    if (first) overdue = setTimeout(grant, Math.max(first.since + LONGEST_WAIT_MS - performance.now(), 0))
  }

  return {
    begin(size) {
      if (atWork > 0) {
        return new Promise((go) => {
          waiting.push({ size, since: performance.now(), go })
          grant()
        })
      }
      atWork += 1
      return undefined
    },
    end() {
      atWork -= 1
      grant()
    },
    grown() {
      if (waiting.length > 0 && atWork < AT_ONCE) grant()
    },
  }
}

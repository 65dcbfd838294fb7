/**
 * The running sagas as this process last wrote them, so that a reply need not read its saga again. It is a hint, never the
 * truth: another process, or an operator's SQL, may have moved a saga meanwhile. So a decision on a remembered saga is only
 * written over that very state (saga-store.ts, `SagaChange`), and a decision to change nothing is not trusted at all
 * (run-saga.ts).
 */
import type { Saga } from '#saga'

interface Remembered {
  readonly saga: Saga
  /** When it was written. */
  readonly as_of: Date
}

export interface SagaMemory {
  /** Removes and returns it, so that a second batch with the same saga reads it under lock, and waits for the first. */
  take(transaction_id: string): Remembered | undefined
  /** A saga that awaits nothing is not kept: others may erase its row. */
  keep(saga: Saga, as_of: Date): void
}

/** The most sagas remembered; the one untouched for longest is forgotten first. */
const LIMIT = 10_000

export function sagaMemory(limit = LIMIT): SagaMemory {
  const known = new Map<string, Remembered>()
  return {
    take(transaction_id) {
      const remembered = known.get(transaction_id)
      known.delete(transaction_id)
      return remembered
    },
    keep(saga, as_of) {
      known.delete(saga.transaction_id)
      if (!saga.deadline) return
      known.set(saga.transaction_id, { saga, as_of })
      if (known.size <= limit) return
      const [oldest] = known.keys()
      if (oldest) known.delete(oldest)
    },
  }
}

/** Remembers nothing: each saga is read before it moves. */
export const noMemory: SagaMemory = { take: () => undefined, keep: () => {} }

/** An answer that many ask for: it is found out at most once in a given time, and all callers in that time share it. */
export function remembered<T>(ms: number, ask: () => Promise<T>): () => Promise<T> {
  let last: { readonly answer: Promise<T>; readonly until: number } | undefined
  return () => {
    const now = performance.now()
    if (!last || now >= last.until) last = { answer: ask(), until: now + ms }
    return last.answer
  }
}

export interface Recollection {
  /**
   * The answer remembered under the key, or else the one that `find` gives now, which callers meanwhile share. A failure is
   * not remembered. An answer that `outlasts` is kept even when the version changes.
   */
  recall<T>(key: string, find: () => Promise<T>, outlasts?: (answer: T) => boolean): Promise<T>
}

interface Memory {
  readonly version: string
  readonly until: number
  readonly answer: Promise<unknown>
  outlasts: boolean
}

/**
 * Remembers the latest `limit` answers by their questions, each for a number of milliseconds, as long as `version` stays
 * the same.
 */
export function recollection(ms: number, limit: number, version: () => string): Recollection {
  const known = new Map<string, Memory>()

  function remember(key: string, memory: Memory) {
    known.delete(key) // put at the end: the first in the map is the oldest
    known.set(key, memory)
    const [oldest] = known.keys()
    if (known.size > limit && oldest !== undefined) known.delete(oldest)
  }

  return {
    recall<T>(key: string, find: () => Promise<T>, outlasts: (answer: T) => boolean = () => false) {
      const now = performance.now()
      const current = version()
      const last = known.get(key)
      if (last && now < last.until && (last.outlasts || last.version === current)) return last.answer as Promise<T>
      const answer = find()
      const memory: Memory = { version: current, until: now + ms, answer, outlasts: false }
      remember(key, memory)
      answer.then(
        (found) => {
          memory.outlasts = outlasts(found)
        },
        () => known.get(key) === memory && known.delete(key),
      )
      return answer
    },
  }
}

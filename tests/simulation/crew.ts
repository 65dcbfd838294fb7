/** Lets transactions of one database take turns, one statement at a time, as a seed decides, and wait for row locks. */
import type { MemoryTx } from './memory.ts'
import type { Random } from './random.ts'

interface Waiting {
  readonly go: () => void
  /** Absent: it waits for its turn only. */
  readonly isFree?: () => boolean
}

export class Crew {
  readonly #choose: Random
  #waiting: Waiting[] = []

  constructor(choose: Random) {
    this.#choose = choose
  }

  turn(): Promise<void> {
    return new Promise((go) => this.#waiting.push({ go }))
  }

  async lock(locks: Map<string, MemoryTx>, key: string, tx: MemoryTx): Promise<void> {
    const isFree = () => (locks.get(key) ?? tx) === tx
    while (!isFree()) await new Promise<void>((go) => this.#waiting.push({ go, isFree }))
    locks.set(key, tx)
  }

  /** Lets one of the runnable transactions go on. False when all wait for each other. */
  #step(): boolean {
    const able = this.#waiting.filter(({ isFree }) => isFree?.() ?? true)
    if (able.length === 0) return false
    const chosen = this.#choose.pick(able)
    this.#waiting = this.#waiting.filter((one) => one !== chosen)
    chosen.go()
    return true
  }

  /** Goes on until all transactions and their follow-up work are done, however they end. Throws on a deadlock. */
  async run(works: readonly Promise<unknown>[]): Promise<void> {
    let left = works.length
    for (const work of works)
      void work.catch(ignore).finally(() => {
        left -= 1
      })
    for (await settled(); left > 0 || this.#waiting.length > 0; await settled())
      if (!this.#step()) throw new Error('two transactions wait for each other in a circle')
  }
}

const ignore = () => {}

/** Resolves when nothing more can go on by itself. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

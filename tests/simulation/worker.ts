/** One thread of a run of many seeds: runs its share of them, and reports its results in pieces. */
import { parentPort, workerData } from 'node:worker_threads'
import './seams.ts'

const { scheduleOf, simulate, Finding } = await import('./simulate.ts')
const { States } = await import('./states.ts')

export interface Task {
  readonly first: number
  readonly last: number
  readonly stride: number
  readonly memory: SharedArrayBuffer
}

/** Since the last one. */
export interface Piece {
  readonly seeds: number
  readonly steps: number
  readonly endings: readonly string[]
  readonly positions: readonly string[]
  readonly purchases: readonly number[]
  readonly marked: number
  readonly failed?: { readonly seed: number }
}

const PIECE = 50

if (parentPort) await work(workerData as Task, (piece) => parentPort?.postMessage(piece))

async function work({ first, last, stride, memory }: Task, tell: (piece: Piece) => void): Promise<void> {
  const states = new States(memory)
  let fresh = empty()
  let known = 0
  const flush = (failed?: Piece['failed']) => {
    const purchases = [...states.purchases].slice(known)
    known = states.purchases.size
    tell({ ...fresh, positions: [...fresh.positions], purchases, marked: states.marked, ...(failed && { failed }) })
    states.marked = 0
    fresh = empty()
  }
  for (let seed = first; seed <= last; seed += stride) {
    try {
      const { steps, endings, positions } = await simulate(scheduleOf(seed), states)
      fresh.seeds += 1
      fresh.steps += steps
      fresh.endings.push(...endings)
      for (const position of positions) fresh.positions.add(position)
    } catch (error) {
      if (!(error instanceof Finding)) throw error
      flush({ seed })
      return
    }
    if (fresh.seeds === PIECE) flush()
  }
  flush()
}

function empty() {
  return { seeds: 0, steps: 0, endings: [] as string[], positions: new Set<string>() }
}

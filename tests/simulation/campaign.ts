/** Many seeds on all cores: runs them in threads, and adds up what was seen. Ends with the first seed that fails. */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { sharedMemory, worldsOf } from './states.ts'
import type { Piece, Task } from './worker.ts'

export interface Campaign {
  readonly seeds: number
  readonly steps: number
  /** How many purchases ended so. */
  readonly endings: ReadonlyMap<string, number>
  readonly positions: ReadonlySet<string>
  /** How many states were known when so many seeds had run. */
  readonly growth: readonly { readonly seeds: number; readonly purchases: number; readonly worlds: number }[]
  /** The lowest of those that were found to fail. */
  readonly failed: number | undefined
}

/** Runs the seeds `from` to `from + seeds - 1`; `threads` of them at once. */
export async function campaign(from: number, seeds: number, threads = availableParallelism()): Promise<Campaign> {
  const memory = sharedMemory()
  const endings = new Map<string, number>()
  const positions = new Set<string>()
  const purchases = new Set<number>()
  const growth: Campaign['growth'][number][] = []
  const marks = [0.1, 0.25, 0.5, 0.75, 1].map((part) => Math.max(1, Math.floor(seeds * part)))
  let done = 0
  let steps = 0
  let marked = 0
  let failed: number | undefined

  function take(piece: Piece) {
    done += piece.seeds
    steps += piece.steps
    marked += piece.marked
    for (const ending of piece.endings) endings.set(ending, (endings.get(ending) ?? 0) + 1)
    for (const position of piece.positions) positions.add(position)
    for (const purchase of piece.purchases) purchases.add(purchase)
    if (piece.failed) failed = Math.min(failed ?? Number.POSITIVE_INFINITY, piece.failed.seed)
    while (marks[0] !== undefined && done >= marks[0]) {
      marks.shift()
      growth.push({ seeds: done, purchases: purchases.size, worlds: worldsOf(marked) })
    }
  }

  const count = Math.min(threads, seeds)
  const workers = Array.from({ length: count }, (_, index): Worker => {
    const workerData: Task = { first: from + index, last: from + seeds - 1, stride: count, memory }
    return new Worker(new URL('./worker.ts', import.meta.url), { workerData })
  })
  const ended = workers.map(
    (worker) =>
      new Promise<void>((resolve, reject) => {
        worker.on('message', (piece: Piece) => {
          take(piece)
          if (piece.failed) for (const one of workers) void one.terminate()
        })
        worker.on('error', reject)
        worker.on('exit', () => resolve())
      }),
  )
  await Promise.all(ended)
  return { seeds: done, steps, endings, positions, growth, failed }
}

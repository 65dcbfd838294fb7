/**
 * Makes photos in a process beside this one. One is made at a time, one more may wait, and further callers are told to come
 * again.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { Problem } from '#platform/problem'
import type { Answer, Made, Order } from './make-photo.ts'

export interface PhotoMaker extends AsyncDisposable {
  /** Throws the problems `photos_busy`, `photo_has_too_many_pixels` and `photo_unreadable`. */
  make(order: Order): Promise<Made>
}

const AT_ONCE = 2
/** A photo that takes longer is no photo. */
const PATIENCE_MS = 45_000
/** How long the process waits for work before it ends: it takes some 80 MB. */
const IDLE_MS = 60_000

export function photoMaker({ patienceMs = PATIENCE_MS }: { readonly patienceMs?: number } = {}): PhotoMaker {
  let worker: ChildProcess | undefined
  let idle: NodeJS.Timeout | undefined
  let waiting = 0
  let last: Promise<unknown> = Promise.resolve()

  const end = () => {
    clearTimeout(idle)
    worker?.kill('SIGKILL')
    worker = undefined
  }

  const ask = (order: Order): Promise<Answer> =>
    new Promise((resolve) => {
      clearTimeout(idle)
      worker ??= fork(new URL('./make-photo.ts', import.meta.url), { serialization: 'advanced', execArgv: [] })
      const asked = worker
      const done = (answer: Answer) => {
        clearTimeout(timer)
        asked.removeAllListeners()
        asked.on('error', () => {}) // errors of a process that was let go concern nobody
        if ('refused' in answer)
          end() // in whatever state it is, the next photo gets a new process
        else idle = setTimeout(end, IDLE_MS).unref()
        resolve(answer)
      }
      const timer = setTimeout(() => done({ refused: 'unreadable' }), patienceMs)
      asked.once('message', (answer) => done(answer as Answer))
      asked.once('exit', () => done({ refused: 'unreadable' }))
      asked.once('error', () => done({ refused: 'unreadable' }))
      asked.send(order)
    })

  return {
    async make(order) {
      if (waiting >= AT_ONCE) throw new Problem('photos_busy', { retry_after: 3 })
      waiting += 1
      try {
        const turn = last.then(() => ask(order))
        last = turn
        const answer = await turn
        if ('made' in answer) return answer.made
        throw new Problem(answer.refused === 'too_many_pixels' ? 'photo_has_too_many_pixels' : 'photo_unreadable')
      } finally {
        waiting -= 1
      }
    },
    async [Symbol.asyncDispose]() {
      await last
      end()
    },
  }
}

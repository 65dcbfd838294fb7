/** An HTTP client that asks until it is answered, with the same Idempotency-Key, so that nothing is done twice. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Ground } from './ground.ts'
import { type Seen, seenIn } from './history.ts'

export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: whatever the API answers
  readonly body: any
}

export interface Question {
  readonly service: string
  readonly method: string
  readonly path: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Headers that differ at each try, such as a signature with its time. */
  readonly signed?: (body: string) => Readonly<Record<string, string>>
  readonly key?: string
}

export interface Client {
  /** Resolves with the first real answer: not of an outage, not "too often", not 401. Rejects if none comes even after the chaos. */
  ask(question: Question): Promise<Answer>
  /** Says that the storm is over: from now on an answer must come within a minute. */
  calm(): void
  /** What answers showed, in the order in which they came. */
  readonly history: readonly Seen[]
  readonly counts: {
    /** Answers by their status, including outages. */
    readonly answers: Map<number, number>
    /** Tries without any answer. */
    lost: number
    tries: number
  }
}

/** Milliseconds. */
const PATIENCE_MS = 5_000
const CALM_PATIENCE_MS = 60_000

export class NoAnswer extends Error {}

export function chaosClient(ground: Ground, admin: { authorization: string }): Client {
  const history: Seen[] = []
  const counts = { answers: new Map<number, number>(), lost: 0, tries: 0 }
  let giveUp = Number.POSITIVE_INFINITY

  async function tryOnce({ service, method, path, body, headers, signed, key }: Question): Promise<Answer | undefined> {
    counts.tries += 1
    const from = performance.now()
    const content = body === undefined ? undefined : JSON.stringify(body)
    try {
      const response = await fetch(`${ground.addressOf(service)}${path}`, {
        method,
        signal: AbortSignal.timeout(PATIENCE_MS),
        headers: {
          ...admin,
          ...(content && { 'content-type': 'application/json' }),
          ...(key && { 'idempotency-key': key }),
          ...headers,
          ...(content && signed?.(content)),
        },
        ...(content && { body: content }),
      })
      const text = await response.text()
      counts.answers.set(response.status, (counts.answers.get(response.status) ?? 0) + 1)
      const answer = { status: response.status, body: text ? JSON.parse(text) : undefined }
      const seen = response.status === 200 && seenIn(path, answer.body, from, performance.now())
      if (seen) history.push(seen)
      return answer
    } catch {
      counts.lost += 1
      return undefined
    }
  }

  return {
    counts,
    history,
    calm() {
      giveUp = performance.now() + CALM_PATIENCE_MS
    },
    async ask(question) {
      for (let delay = 50; performance.now() < giveUp; delay = Math.min(2 * delay, 1_000)) {
        const answer = await tryOnce(question)
        if (answer && !isOutage(answer.status)) return answer
        await pause(delay)
      }
      throw new NoAnswer(`${question.method} ${question.path} got no answer, not even in the calm`)
    },
  }
}

/** A 401 counts as an outage: a service whose clock has jumped takes a token or a signature for one of another time. */
const isOutage = (status: number) => status >= 500 || status === 429 || status === 408 || status === 401

/**
 * The connections to the services. Event streams have connections of their own, because they last: in one bounded pool, a few
 * hundred streams would keep every short request waiting. A request that gets no connection within a second is refused.
 */
import { Agent, type Dispatcher } from 'undici'
import { type Slots, slots } from '#platform/slots'

export interface ConnectionOptions {
  /** How long a service may take to begin its answer. */
  readonly timeoutMs: number
  /** The most event streams that may be open at once. */
  readonly streamsMax: number
}

/** The part of a client that `@fastify/reply-from` uses. */
export interface Connections {
  request(options: Dispatcher.RequestOptions, done: Answered): void
  close(): void
  destroy(): void
}

type Answered = (error: Error | null, answer: Dispatcher.ResponseData) => void

/** The most connections to one service. */
const SHORT = 256
/** Milliseconds. */
const CONNECT_WITHIN_MS = 3_000
const WAIT_MS = 1_000
/** The longest time between two pieces of one answer: event streams send a comment every 15 s. */
const SILENCE_MS = 45_000

const IS_STREAM = /^\/saga-states\/[^/?]+\/events(\?|$)/

export function connections({ timeoutMs, streamsMax }: ConnectionOptions): Connections {
  const options = {
    connect: { timeout: CONNECT_WITHIN_MS, rejectUnauthorized: true },
    headersTimeout: timeoutMs,
    bodyTimeout: SILENCE_MS,
  }
  const pool = (count: number) => {
    const agent = new Agent({ ...options, connections: count })
    const places = new Map<string, Slots>()
    return { agent, placesAt: (origin: string) => found(places, origin, () => slots(count, WAIT_MS)) }
  }
  const [short, long] = [pool(SHORT), pool(Math.max(streamsMax, 1))]

  return {
    request(sent, done) {
      const { agent, placesAt } = IS_STREAM.test(sent.path) ? long : short
      placesAt(String(sent.origin))
        .take()
        .then((giveBack) =>
          agent.request(sent as never, (error: Error | null, answer: Dispatcher.ResponseData) => {
            if (error) giveBack()
            else answer.body.once('close', giveBack)
            done(error, answer)
          }),
        )
        .catch((error: Error) => done(error, undefined as never))
    },
    close: () => void Promise.all([short.agent.close(), long.agent.close()]),
    destroy: () => void Promise.all([short.agent.destroy(), long.agent.destroy()]),
  }
}

function found<Value>(all: Map<string, Value>, key: string, make: () => Value): Value {
  const known = all.get(key) ?? make()
  all.set(key, known)
  return known
}

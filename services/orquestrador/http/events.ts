/** `GET /saga-states/{transaction_id}/events`: a purchase as it happens, so that a frontend need not poll. */
import { Type } from 'typebox'
import { TransactionId } from '#contracts'
import type { Database } from '#platform/database/database'
import { answers } from '#platform/http/app'
import { type Caller, callerOf, onlyCustomer, tokenEndOf } from '#platform/http/auth'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import { isFinal } from '#saga'
import { type EventStream, eventStream } from '../events/event-stream.ts'
import type { Follower, SagaFeed } from '../events/saga-feed.ts'
import { expectOwnSale } from '../purchases/own-sales.ts'
import { findSaga } from '../runner/saga-store.ts'
import { lineOf, viewOf } from './views.ts'

export interface EventParts {
  readonly database: Database
  readonly feed: SagaFeed
  /** The most streams that may be open at once in this process. */
  readonly streamsMax: number
}

/** So that one customer cannot take all streams: enough for a few devices and a few purchases. */
const STREAMS_OF_A_CUSTOMER = 20

const Params = Type.Object({ transaction_id: TransactionId })
const EventId = Type.String({
  pattern: '^\\d{1,15}(\\.end)?$',
  description: 'The `id` of the last event that was seen: only what came after it is sent',
})
const Headers = Type.Object({ 'last-event-id': Type.Optional(EventId) })
const Query = Type.Object({ last_event_id: Type.Optional(EventId) })

const EVENTS = `Server-Sent Events, each with JSON as its data:
- \`transition\`: a line of the history, \`{at, step, status, what, attempt, reason?}\`; its \`id\` is that line's.
- \`saga\`: the whole saga, whenever what the buyer needs has come or changed (\`payment_code\`, \`pix_copy_paste\`,
  \`expires_at\`, \`pickup_code\`); once at the beginning when any of it is known.
- \`end\`: the last line again, when nothing can follow. The connection is then closed; an \`EventSource\` that comes
  again is answered with 204, which tells it to stay away.`

const Events = {
  description: EVENTS,
  content: {
    'text/event-stream': {
      schema: Type.String({
        examples: [
          'id: 812\nevent: transition\ndata: {"at":"2026-01-05T12:00:00.000Z","step":"CREDIT_RESERVATION","status":"STARTED","what":"started","attempt":1}\n\n',
        ],
      }),
    },
  },
}

export const eventRoutes = (parts: EventParts) => (app: HttpApp) => {
  const streams = openStreams(parts)
  app.addHook('preClose', async () => streams.close()) // otherwise a stopping server would wait for their readers for ever
  app.get(
    '/saga-states/:transaction_id/events',
    {
      exposeHeadRoute: false, // it would keep a stream open that nobody reads
      schema: streamEventsSchema,
    },
    streamEvents(parts, streams),
  )
}

const streamEventsSchema = {
  summary: 'A purchase as it happens',
  description: 'The history so far, then live, until the purchase is final. `Last-Event-ID` resumes.',
  tags: ['purchases'],
  params: Params,
  headers: Headers,
  querystring: Query,
  response: answers(
    { 200: Events, 204: Type.Null({ description: 'All has been seen, up to `end`' }) },
    'saga_not_found',
    'validation_failed',
    'too_many_streams',
    'unavailable',
  ),
}

const streamEvents =
  ({ database }: EventParts, streams: OpenStreams): Handler<typeof streamEventsSchema> =>
  async (request, reply) => {
    const transaction_id = request.params.transaction_id.toLowerCase()
    const saga = await findSaga(database, transaction_id)
    if (!saga) throw new Problem('saga_not_found')
    const { customer_id } = saga.data
    await expectOwnSale(database, request, { transaction_id, customer_id }, 'saga_not_found')
    // the header is newer, because a browser that reconnects repeats the address with its query
    const [after = '0', ended] = (request.headers['last-event-id'] ?? request.query.last_event_id ?? '').split('.')
    if (ended && isFinal(saga)) return reply.code(204).send(null)
    const reader = { caller: callerOf(request), only: onlyCustomer(request), until: tokenEndOf(request) }
    const { body } = streams.open(transaction_id, Number(after), reader)
    reply.type('text/event-stream').header('cache-control', 'no-store').header('x-accel-buffering', 'no')
    return reply.send(body as never)
  }

interface Reader {
  readonly caller: Caller
  /** The customer who reads; undefined: staff. */
  readonly only: number | undefined
  /** When the reader's token ends, in milliseconds: then they connect again with another. */
  readonly until: number | undefined
}

type OpenStreams = ReturnType<typeof openStreams>

/** The open streams, each with the customer who reads it; undefined: staff. */
function openStreams({ feed, streamsMax }: EventParts) {
  const streams = new Map<EventStream, number | undefined>()
  let closing = false

  const hasEnough = (customer_id: number) =>
    [...streams.values()].filter((reader) => reader === customer_id).length >= STREAMS_OF_A_CUSTOMER

  return {
    open(transaction_id: string, after: number, { caller, only, until = 0 }: Reader): EventStream {
      if (closing) throw new Problem('unavailable')
      if (streams.size >= streamsMax || (only !== undefined && hasEnough(only))) throw new Problem('too_many_streams')
      let unfollow: (() => void) | undefined
      const stream = eventStream(() => {
        clearTimeout(ending)
        streams.delete(stream)
        unfollow?.()
      })
      const ending = setTimeout(() => stream.end(), until - Date.now())
      streams.set(stream, only)
      unfollow = feed.follow(transaction_id, teller(stream, after, caller, until))
      if (stream.body.destroyed) unfollow()
      return stream
    },
    close() {
      closing = true
      for (const stream of streams.keys()) stream.end()
    },
  }
}

/** Sends one reader the lines that it has not seen yet. */
function teller(stream: EventStream, after: number, caller: Caller, until: number): Follower {
  let told = after
  let knownNeeds = JSON.stringify({})
  return (saga, history) => {
    if (Date.now() >= until) return stream.end() // the timers of a machine that slept are late
    for (const line of history) {
      if (line.id <= told) continue
      told = line.id
      stream.send({ event: 'transition', id: String(line.id), data: lineOf(line) })
    }
    const view = viewOf(saga, caller)
    const { payment_code, pix_copy_paste, expires_at, pickup_code } = view.context
    const needs = JSON.stringify({ payment_code, pix_copy_paste, expires_at, pickup_code })
    if (needs !== knownNeeds) stream.send({ event: 'saga', data: view })
    knownNeeds = needs
    const last = history.at(-1)
    // the saga is read after its history, and may be ahead of it
    if (!last || !isFinal(saga) || last.status !== saga.status) return
    stream.send({ event: 'end', id: `${last.id}.end`, data: lineOf(last) })
    stream.end()
  }
}

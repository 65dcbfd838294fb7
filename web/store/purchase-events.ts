/**
 * `…/{id}/eventos`: the events of a purchase or a return, for the pages of its buyer and of staff. Each page has one
 * upstream. A token lives five minutes and a page longer: before it ends the session is asked for again, and the events go
 * on after the last that was seen.
 */
import type { LoaderFunctionArgs } from 'react-router'
import { fetchFor } from '../api.server.ts'
import { expectSomebody, freshToken } from '../session.server.ts'
import type { Asked } from '../visit.server.ts'

/** Milliseconds; a token lives 300,000. */
const RENEW_AFTER_MS = 240_000
const PAUSE_MS = 1_000

export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  await expectSomebody(args)
  const after = args.request.headers.get('last-event-id') ?? undefined
  const token = await freshToken(args)
  const first = await upstream(args, args.params.id ?? '', token, after)
  if (first.status !== 200 || !first.body) return new Response(null, { status: first.status })
  return new Response(streamOf(through(args, args.params.id ?? '', first, after)), {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
  })
}

function streamOf(pieces: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await pieces.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    async cancel() {
      await pieces.return(undefined)
    },
  })
}

const upstream = (asked: Asked, transaction_id: string, token: string | undefined, after: string | undefined) =>
  fetchFor(asked)(`/saga-states/${encodeURIComponent(transaction_id)}/events`, {
    headers: { authorization: `Bearer ${token ?? ''}`, ...(after && { 'last-event-id': after }) },
    signal: AbortSignal.timeout(RENEW_AFTER_MS),
  })

/** Block by block, so that an event is never cut and the last whole one is known. */
async function* through(asked: Asked, id: string, first: Response, begin: string | undefined): AsyncGenerator<string> {
  let after = begin
  let response = first
  for (;;) {
    try {
      for await (const block of blocksOf(response)) {
        yield `${block}\n\n`
        after = /^id: ?(.+)$/m.exec(block)?.[1] ?? after
        if (/^event: ?end$/m.test(block)) return
      }
    } catch {
      // cut off, by the clock or by the network: it is asked again below
    }
    if (asked.request.signal.aborted) return
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    const token = await freshToken(asked).catch(() => undefined)
    if (token === undefined) {
      yield 'event: session\ndata: {}\n\n' // the page asks its loader, which leads to where one signs in
      return
    }
    response = await upstream(asked, id, token, after).catch(() => new Response(null, { status: 503 }))
    if (response.status === 204 || (response.status >= 400 && response.status < 500)) return
  }
}

async function* blocksOf({ body }: Response): AsyncGenerator<string> {
  if (!body) return
  let text = ''
  for await (const piece of body.pipeThrough(new TextDecoderStream())) {
    const blocks = (text + piece).split('\n\n')
    text = blocks.pop() ?? ''
    yield* blocks
  }
}

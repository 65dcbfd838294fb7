/** A purchase as it happens: Server-Sent Events over `fetch`, which, unlike `EventSource`, can bring a token. */
import { authorization, type ClientOptions } from './client.ts'
import type { Operations, Saga } from './operations.ts'

export type Transition = Operations['getSagaStateHistory']['answer']['history'][number]

export type PurchaseEvent =
  /** A line of the history. */
  | { readonly event: 'transition'; readonly id: string; readonly data: Transition }
  /** A thing that the buyer needs has come or changed: the code to pay, the pickup code. */
  | { readonly event: 'saga'; readonly data: Saga }
  /** The last line again: nothing follows. */
  | { readonly event: 'end'; readonly id: string; readonly data: Transition }

/** Milliseconds before it connects again. */
const PAUSE_MS = 1_000

/**
 * Follows a purchase from its beginning to its end, across lost connections. Ends after `end`. Throws when the purchase is
 * unknown or may not be seen, or when `signal` is aborted.
 */
export async function* watchPurchase(
  options: ClientOptions,
  transaction_id: string,
  signal?: AbortSignal,
): AsyncGenerator<PurchaseEvent> {
  let lastId: string | undefined
  for (;;) {
    try {
      for await (const event of connection(options, transaction_id, lastId, signal)) {
        yield event
        if (event.event === 'end') return
        if ('id' in event) lastId = event.id
      }
    } catch (error) {
      if (signal?.aborted || error instanceof NotWatchable) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
}

/** The server refused; another attempt would not change that. */
export class NotWatchable extends Error {}

async function* connection(
  options: ClientOptions,
  transaction_id: string,
  lastId: string | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<PurchaseEvent> {
  const url = `${options.baseUrl}/saga-states/${encodeURIComponent(transaction_id)}/events`
  const response = await (options.fetch ?? fetch)(url, {
    headers: { ...(await authorization(options)), ...(lastId && { 'last-event-id': lastId }) },
    ...(signal && { signal }),
  })
  if (response.status >= 400 && response.status < 500) throw new NotWatchable(await response.text())
  if (!response.ok || !response.body) return
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  try {
    let text = ''
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      const blocks = (text + read.value).split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) {
        const event = eventIn(block)
        if (event) yield event
      }
    }
  } finally {
    await reader.cancel().catch(() => {}) // already broken off
  }
}

/** Undefined for a comment, which only keeps the connection open. */
function eventIn(block: string): PurchaseEvent | undefined {
  const fields = new Map(
    block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trimStart()]),
  )
  const data = fields.get('data')
  if (data === undefined) return undefined
  return { event: fields.get('event'), id: fields.get('id') ?? '', data: JSON.parse(data) } as PurchaseEvent
}

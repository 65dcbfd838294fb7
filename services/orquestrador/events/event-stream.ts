/**
 * One connection of Server-Sent Events (WHATWG HTML, section 9.2): a stream of text with a comment now and then, so that
 * proxies keep it open, and an end when its reader does not keep up.
 */
import { Readable } from 'node:stream'

interface ServerSentEvent {
  readonly event: string
  /** The reader sends it back as `Last-Event-ID`. Absent: it keeps the id before. */
  readonly id?: string
  readonly data: object
}

export interface EventStream {
  readonly body: Readable
  /** Drops the connection when the reader has left too much unread: it connects again and says where it was. */
  send(event: ServerSentEvent): void
  /** The reader gets everything that was sent, then the end. */
  end(): void
}

const HEARTBEAT_MS = 15_000
/** Characters, beside those that the operating system holds for a connection. */
const UNREAD_LIMIT_CHARS = 256 * 1024
/** How long a browser waits before it connects again. */
const RETRY_MS = 1_000

/** `onClosed` is called once, whichever side ended it. */
export function eventStream(onClosed: () => void): EventStream {
  const heartbeat = setInterval(() => push(': still here\n\n'), HEARTBEAT_MS)
  const body = new Readable({
    encoding: 'utf8',
    read() {},
    destroy(error, done) {
      clearInterval(heartbeat)
      onClosed()
      done(error)
    },
  })

  function push(text: string) {
    if (body.destroyed || body.readableEnded) return
    body.push(text)
    if (body.readableLength > UNREAD_LIMIT_CHARS) body.destroy()
  }

  push(`retry: ${RETRY_MS}\n\n`)
  return {
    body,
    send({ event, id, data }) {
      push(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
    },
    end() {
      clearInterval(heartbeat)
      if (!body.destroyed) body.push(null)
    },
  }
}

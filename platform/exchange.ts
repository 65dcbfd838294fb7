/**
 * One request to somebody else's server and its final answer. By Node's own client: whatever a server says in between (1xx) is
 * skipped, as RFC 9110 (15.2) asks, where undici ends the connection at an unexpected 100.
 */
import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'

export interface Exchange {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  readonly agent: http.Agent
  /** Ends the wait, whatever it is for. */
  readonly signal: AbortSignal
}

/** Bytes of all headers of an answer. */
const HEAD_LIMIT = 16_384

/** Resolves with the head; the body is the caller's to read or to leave. */
export function exchange(url: string, { body, ...options }: Exchange): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const ask = url.startsWith('https:') ? https.request : http.request
    const asked = ask(url, { ...options, maxHeaderSize: HEAD_LIMIT })
    asked.once('response', resolve)
    asked.once('upgrade', (_answer, socket) => {
      socket.destroy()
      reject(new Error('the server speaks another protocol'))
    })
    asked.once('error', reject)
    asked.end(body)
  })
}

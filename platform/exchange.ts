/**
 * One request to somebody else's server and its final answer. It uses Node's own client, which skips interim answers (1xx) as
 * RFC 9110 (15.2) asks; undici ends the connection at an unexpected 100.
 */
import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'

export interface Exchange {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  readonly agent: http.Agent
  /** Ends any wait. */
  readonly signal: AbortSignal
}

/** Bytes of all headers of an answer. */
const HEAD_LIMIT_BYTES = 16_384

/** Resolves with the head; the caller reads the body or leaves it. */
export function exchange(url: string, { body, ...options }: Exchange): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const ask = url.startsWith('https:') ? https.request : http.request
    const asked = ask(url, { ...options, maxHeaderSize: HEAD_LIMIT_BYTES })
    asked.once('response', resolve)
    asked.once('upgrade', (_answer, socket) => {
      socket.destroy()
      reject(new Error('the server speaks another protocol'))
    })
    asked.once('error', reject)
    asked.end(body)
  })
}

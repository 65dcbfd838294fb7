/** Sends one webhook: to public addresses only, in limited time, following no redirect, reading little of the answer. */

import type { IncomingMessage } from 'node:http'
import { finished } from 'node:stream/promises'
import { exchange } from '#platform/exchange'
import { AddressRefused, type GuardOptions, guardedAgents } from './address-guard.ts'
import type { AttemptResult } from './delivery.ts'

export interface WebhookPost {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface Poster extends AsyncDisposable {
  /** Never throws: whatever happens is a result. Ends early, as `timed_out`, when `signal` is aborted. */
  post(webhook: WebhookPost, signal: AbortSignal): Promise<AttemptResult>
}

export interface PosterOptions extends GuardOptions {
  /** The time for the whole request, from the look-up of the name to the end of the answer. */
  readonly timeoutMs?: number
}

const TIMEOUT_MS = 10_000
const ANSWER_LIMIT = 64 * 1024
/** The most connections to one receiver. */
const CONNECTIONS = 8

export function poster({ timeoutMs = TIMEOUT_MS, ...guard }: PosterOptions): Poster {
  const agents = guardedAgents(guard, CONNECTIONS)

  return {
    async post({ url, headers, body }, stop) {
      const signal = AbortSignal.any([stop, AbortSignal.timeout(timeoutMs)])
      try {
        const agent = agents.agentFor(new URL(url))
        const answer = await exchange(url, { method: 'POST', headers, body, agent, signal })
        await readLittle(answer)
        return { status_code: answer.statusCode ?? 0 }
      } catch (error) {
        return { error: wordFor(error) }
      }
    },
    [Symbol.asyncDispose]: async () => agents[Symbol.dispose](),
  }
}

/** Reads the rest, so that the connection can be reused. If the receiver sends too much, or stalls, it is closed: only the status counts. */
async function readLittle(answer: IncomingMessage): Promise<void> {
  let size = 0
  answer.on('data', (piece: Buffer) => {
    size += piece.length
    if (size > ANSWER_LIMIT) answer.destroy()
  })
  await finished(answer).catch(() => {})
}

/** A constant word for the fault, because readers of deliveries are not shown the error's own text. */
function wordFor(error: unknown): string {
  if (error instanceof AddressRefused) return 'address_refused'
  if (!(error instanceof Error)) return 'connection_failed'
  const code = 'code' in error ? String(error.code) : ''
  if (/^(TimeoutError|AbortError)$/.test(error.name) || /TIMEDOUT|TIMEOUT_MS|ABORTED/.test(code)) return 'timed_out'
  if (/^(ENOTFOUND|EAI_)/.test(code)) return 'host_not_found'
  if (code === 'ECONNREFUSED') return 'connection_refused'
  if (/TLS|SSL|CERT|SIGNATURE|SELF_SIGNED|EPROTO/.test(code)) return 'tls_failed'
  return 'connection_failed'
}

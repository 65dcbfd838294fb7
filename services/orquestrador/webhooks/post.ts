/** Sends one webhook: to public addresses only, in limited time, following no redirect, reading little of the answer. */
import { Agent, request } from 'undici'
import { AddressRefused, type GuardOptions, guardedConnector } from './address-guard.ts'
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
  /** Milliseconds for all of it, from the look-up of the name to the end of the answer. */
  readonly timeout?: number
}

const TIMEOUT = 10_000
const ANSWER_LIMIT = 64 * 1024

export function poster({ timeout = TIMEOUT, ...guard }: PosterOptions): Poster {
  const agent = new Agent({ connections: 8, connect: guardedConnector(guard, timeout), maxHeaderSize: 16_384 })

  return {
    async post({ url, headers, body }, stop) {
      const signal = AbortSignal.any([stop, AbortSignal.timeout(timeout)])
      try {
        const answer = await request(url, { method: 'POST', headers, body, dispatcher: agent, signal })
        await answer.body.dump({ limit: ANSWER_LIMIT, signal }).catch(() => {}) // its status has said what counts
        return { status_code: answer.statusCode }
      } catch (error) {
        return { error: wordFor(error) }
      }
    },
    [Symbol.asyncDispose]: () => agent.destroy(),
  }
}

/** A constant word for what went wrong: what an error says besides is not for those who look at deliveries. */
function wordFor(error: unknown): string {
  if (error instanceof AddressRefused) return 'address_refused'
  if (!(error instanceof Error)) return 'connection_failed'
  const code = 'code' in error ? String(error.code) : ''
  if (/^(TimeoutError|AbortError)$/.test(error.name) || /TIMEDOUT|TIMEOUT|ABORTED/.test(code)) return 'timed_out'
  if (/^(ENOTFOUND|EAI_)/.test(code)) return 'host_not_found'
  if (code === 'ECONNREFUSED') return 'connection_refused'
  if (/TLS|SSL|CERT|SIGNATURE|SELF_SIGNED/.test(code)) return 'tls_failed'
  return 'connection_failed'
}

/** The gateway's own requests to the services: whether they are ready, and their OpenAPI documents. */
import type { Logger } from 'pino'
import { serviceNames } from '#contracts'
import type { OpenApi } from '#platform/http/openapi-document'
import { Problem } from '#platform/problem'
import type { ServiceDocument } from './merged-document.ts'

export interface Peers {
  /** Of each service, by its name. */
  readiness(): Promise<Readonly<Record<string, 'ready' | 'unavailable'>>>
  /** At most a minute old. For a service that cannot be reached, its last document. */
  documents(): Promise<readonly ServiceDocument[]>
}

/** Milliseconds. */
const PATIENCE_MS = 3_000
const DOCUMENTS_KEPT_MS = 60_000
/** A document that could not be read is fetched again after so long, however many clients ask. */
const REFUSAL_KEPT_MS = 1_000

export function peers(addressOf: (service: string) => string, log: Logger): Peers {
  const last = new Map<string, ServiceDocument>()
  let asked: { readonly at: number; readonly answer: Promise<readonly ServiceDocument[]> } | undefined

  async function documentOf(service: string): Promise<ServiceDocument> {
    try {
      const response = await fetch(`${addressOf(service)}/openapi.json`, { signal: AbortSignal.timeout(PATIENCE_MS) })
      if (!response.ok) throw new Error(`${service} answered ${response.status}`)
      const found = { service, document: (await response.json()) as OpenApi } // as platform/http/app.ts makes it
      last.set(service, found)
      return found
    } catch (err) {
      log.warn({ err, peer: service }, 'an OpenAPI document could not be read')
      const before = last.get(service)
      if (!before) throw new Problem('service_unreachable')
      return before
    }
  }

  async function isReady(service: string): Promise<boolean> {
    try {
      const response = await fetch(`${addressOf(service)}/ready`, { signal: AbortSignal.timeout(PATIENCE_MS) })
      await response.arrayBuffer()
      return response.ok
    } catch {
      return false
    }
  }

  return {
    async readiness() {
      const found = await Promise.all(
        serviceNames.map(async (service) => [service, (await isReady(service)) ? 'ready' : 'unavailable'] as const),
      )
      return Object.fromEntries(found)
    },
    documents() {
      const now = performance.now()
      if (asked && now - asked.at < DOCUMENTS_KEPT_MS) return asked.answer
      const answer = Promise.all(serviceNames.map(documentOf))
      asked = { at: now, answer }
      answer.catch(() => {
        asked = { at: performance.now() - DOCUMENTS_KEPT_MS + REFUSAL_KEPT_MS, answer }
      })
      return answer
    },
  }
}

/** The typed client of a request: the services themselves are asked, with the session's token and the browser's address. */
import { isServiceName, serviceNames, services } from '#contracts'
import { type Client, createClient } from '../clients/typescript/client.ts'
import { tokenOf } from './session.server.ts'
import type { AddressOf } from './settings.ts'
import { type Asked, visitContext } from './visit.server.ts'

/** Milliseconds that a page waits for one answer. */
const PATIENCE_MS = 10_000

export function api(asked: Asked): Client {
  return createClient({ baseUrl: '', token: () => tokenOf(asked), fetch: fetchFor(asked) })
}

/** Like `api`, for data that everybody may see: it does not look at the session. */
export function publicApi(asked: Asked): Client {
  return createClient({ baseUrl: '', fetch: fetchFor(asked) })
}

/** For answers that are no JSON, and those that do not end: `signal` replaces the patience of a page. */
export function fetchFor({ request, context }: Asked): typeof fetch {
  const { address, settings } = context.get(visitContext)
  return (input, init) => {
    const headers = new Headers(init?.headers)
    headers.set('x-forwarded-for', address)
    const signal = AbortSignal.any([request.signal, init?.signal ?? AbortSignal.timeout(PATIENCE_MS)])
    return fetch(addressed(settings.addressOf, String(input)), { ...init, headers, signal }).catch((error: unknown) => {
      if (request.signal.aborted) throw error
      throw new Response(null, { status: 503 }) // nobody answers there: the page says that the shop is opening
    })
  }
}

/**
 * The service that a path belongs to. As at the gateway, its first word is a service's name, or a path that the roster
 * gives to a service.
 */
function addressed(addressOf: AddressOf, path: string): string {
  const [, first = ''] = path.split(/[/?]/)
  if (isServiceName(first)) return addressOf(first) + path.slice(first.length + 1)
  const owner = serviceNames.find((name) => (services[name].paths as readonly string[]).includes(first))
  if (!owner) throw new Error(`no service answers ${path}`)
  return addressOf(owner) + path
}

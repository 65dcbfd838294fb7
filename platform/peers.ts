/** How a service speaks to the others over HTTP: kept connections, patience, and its own token. */
import { Agent, request } from 'undici'
import { Fault } from './fault.ts'
import { SpanKind, traced, traceHeaders } from './tracing.ts'

interface PeerAnswer {
  readonly status: number
  readonly content: unknown
}

/** Throws PeerFault when there is no answer, or the answer is no JSON. */
export type AskPeer = (
  service: string,
  path: string,
  method: 'GET' | 'PATCH' | 'POST' | 'PUT',
  body?: object,
) => Promise<PeerAnswer>

export interface Peers extends AsyncDisposable {
  readonly ask: AskPeer
}

/** Another service could not be reached or did not answer as it should. */
export class PeerFault extends Fault {
  /** The caller who meets it may try again. */
  readonly statusCode = 503
}

/**
 * `patienceMs`: how long a peer has for the whole call, including the wait for a connection. A refused token is replaced
 * once, because a clock, the peer's or ours, may have been set.
 */
export function openPeers(
  addressOf: (service: string) => string,
  serviceToken: (at: string, refused?: string) => Promise<string>,
  { connections = 128, patienceMs = 5_000 } = {},
): Peers {
  const agent = new Agent({ connections, connect: { timeout: 2_000 } })

  async function send(url: string, method: string, token: string, body?: object): Promise<PeerAnswer> {
    const { statusCode, body: answer } = await request(url, {
      method,
      dispatcher: agent,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body && { 'content-type': 'application/json' }),
        ...traceHeaders(),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(patienceMs),
    })
    return { status: statusCode, content: await answer.json() }
  }

  const ask: AskPeer = async (service, path, method, body) => {
    try {
      const url = `${addressOf(service)}${path}`
      const token = await serviceToken(service)
      const answer = await send(url, method, token, body)
      return answer.status === 401 ? await send(url, method, await serviceToken(service, token), body) : answer
    } catch (cause) {
      throw new PeerFault(`${service} did not answer ${method}`, { cause })
    }
  }

  return {
    ask(service, path, method, body) {
      const collection = /^\/[\w-]+/.exec(path)?.[0] ?? '/' // the rest of the path may identify a person
      const attributes = { 'peer.service': service, 'http.request.method': method }
      const span = { kind: SpanKind.CLIENT, attributes }
      return traced(`${method} ${service} ${collection}`, span, () => ask(service, path, method, body))
    },
    [Symbol.asyncDispose]: () => agent.close(),
  }
}

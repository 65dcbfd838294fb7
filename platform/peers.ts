/** How a service speaks to the others over HTTP: kept connections, patience, and its own token. */
import { Agent, request } from 'undici'
import { Fault } from './fault.ts'

interface PeerAnswer {
  readonly status: number
  readonly content: unknown
}

/** Throws PeerFault when there is no answer, or one that is no JSON. */
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
  /** A buyer who meets it may try again. */
  readonly statusCode = 503
}

/** `patienceMs`: how long a peer has for its head and for each piece of its body. */
export function openPeers(
  addressOf: (service: string) => string,
  serviceToken: () => Promise<string>,
  { connections = 128, patienceMs = 5_000 } = {},
): Peers {
  const agent = new Agent({
    connections,
    headersTimeout: patienceMs,
    bodyTimeout: patienceMs,
    connect: { timeout: 2_000 },
  })

  return {
    async ask(service, path, method, body) {
      try {
        const authorization = `Bearer ${await serviceToken()}`
        const { statusCode, body: answer } = await request(`${addressOf(service)}${path}`, {
          method,
          dispatcher: agent,
          headers: { authorization, ...(body && { 'content-type': 'application/json' }) },
          ...(body && { body: JSON.stringify(body) }),
        })
        return { status: statusCode, content: await answer.json() }
      } catch (cause) {
        throw new PeerFault(`${service} did not answer ${method}`, { cause })
      }
    },
    [Symbol.asyncDispose]: () => agent.close(),
  }
}

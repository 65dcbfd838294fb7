/** The operator's HTTP client: asks the services at their configured addresses, and checks the shape of every answer. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Static, type TSchema, Type } from 'typebox'
import { Value } from 'typebox/value'
import { CannotStart } from '#platform/cannot-start'
import type { Config } from '#platform/config'
import { openKeyring } from '#platform/tokens/local-issuer'
import { addresses } from '../addresses.ts'

export interface OpsApi {
  /** `route` is a method and a path: `GET /dead-letters`. A body that is a text is CSV. Throws Refused when it is answered with a problem. */
  ask<Shape extends TSchema>(
    service: string,
    route: string,
    shape: Shape,
    body?: object | string,
  ): Promise<Static<Shape>>
}

/** An error that ends a command; the message is for the operator. */
export class Refused extends CannotStart {}

const Problem = Type.Object({ detail: Type.String(), reason: Type.Optional(Type.String()) })
const PATIENCE_MS = 30_000

/** `token` is for a system with an issuer of its own; absent: the local issuer signs one, if DATA_DIR has its key. */
export async function opsApi(config: Config, token: string | undefined): Promise<OpsApi> {
  const addressOf = addresses(config)
  const bearer = token ?? (await localToken(config))
  const headers: Record<string, string> = bearer ? { authorization: `Bearer ${bearer}` } : {}

  return {
    async ask(service, route, shape, body) {
      const [method = '', path = ''] = route.split(' ')
      const url = `${addressOf(service)}${path}`
      const response = await fetch(url, {
        method,
        headers: {
          ...headers,
          ...(body && { 'content-type': typeof body === 'string' ? 'text/csv' : 'application/json' }),
        },
        ...(body && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        signal: AbortSignal.timeout(PATIENCE_MS),
      }).catch((cause) => {
        throw new Refused(`${service} does not answer at ${addressOf(service)}`, { cause })
      })
      const answer: unknown = await response.json().catch(() => undefined)
      if (!response.ok) throw new Refused(`${service}: ${wordsOf(answer) ?? `answered ${response.status}`}`)
      if (!Value.Check(shape, answer)) throw new Refused(`${service} answered ${route} with something unexpected`)
      return answer
    },
  }
}

function wordsOf(answer: unknown): string | undefined {
  if (!Value.Check(Problem, answer)) return undefined
  return answer.reason ? `${answer.detail}: ${answer.reason}` : answer.detail
}

/** Never makes a key: no service would accept a token of a new key. */
async function localToken({ DATA_DIR }: Config): Promise<string | undefined> {
  if (!existsSync(join(DATA_DIR, 'local-issuer.jwk.json'))) return undefined
  return (await openKeyring(DATA_DIR)).sign({ role: 'admin' })
}

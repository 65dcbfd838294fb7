/** The demo's HTTP client: asks the running services with an admin token, and checks the shape of every answer. */
import { type Static, type TSchema, Type } from 'typebox'
import { Value } from 'typebox/value'
import { type ServiceName, serviceNames } from '#contracts'
import { CannotStart } from '#platform/cannot-start'
import type { Config } from '#platform/config'
import { openKeyring } from '#platform/tokens/local-issuer'
import { addresses } from '../addresses.ts'

export interface Api {
  /** `route` is a method and a path: `GET /vehicles/7`. Throws Refused when the service answers with a problem. */
  ask<Shape extends TSchema>(service: ServiceName, route: string, shape: Shape, body?: object): Promise<Static<Shape>>
}

/** The service refused; the message is the problem's `detail`. */
export class Refused extends Error {
  readonly status: number
  constructor(status: number, detail: string) {
    super(detail)
    this.status = status
  }
}

/** The system is not running, or is another one than the configured one; the message says what to do. */
class NotRunning extends CannotStart {}

const Problem = Type.Object({ detail: Type.String() })
const PATIENCE_MS = 10_000

export async function connect(config: Config): Promise<Api> {
  const host = ['0.0.0.0', '::'].includes(config.HOST) ? '127.0.0.1' : config.HOST
  const authority = host.includes(':') ? `[${host}]` : host
  const addressOf = addresses(config, authority)
  const keyring = await openKeyring(config.DATA_DIR)
  const authorization = `Bearer ${await keyring.sign({ role: 'admin' })}`

  const api: Api = {
    async ask(service, route, shape, body) {
      const [method = '', path = ''] = route.split(' ')
      const response = await fetch(`${addressOf(service)}${path}`, {
        method,
        headers: { authorization, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(PATIENCE_MS),
      })
      const answer: unknown = await response.json()
      if (!response.ok) throw new Refused(response.status, Value.Check(Problem, answer) ? answer.detail : 'no reason')
      if (!Value.Check(shape, answer)) throw new Error(`${service} answered ${route} with something unexpected`)
      return answer
    },
  }
  for (const service of serviceNames) await checkReady(api, service, addressOf(service), config)
  return api
}

async function checkReady(api: Api, service: ServiceName, origin: string, { DATA_DIR }: Config) {
  try {
    await api.ask(service, 'GET /ready', Type.Object({ status: Type.Literal('ready') }))
  } catch (error) {
    if (!(error instanceof Refused)) {
      throw new NotRunning(
        `${service} is not running at ${origin}. Start the system with \`make dev\`, then run this in another terminal.`,
      )
    }
    throw new NotRunning(
      error.status === 401
        ? `${service} does not know the token: set DATA_DIR (now ${DATA_DIR}) to that of the running system.`
        : `${service} at ${origin} is not ready yet: ${error.message}. Try again in a moment.`,
    )
  }
}

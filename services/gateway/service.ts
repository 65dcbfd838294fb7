/** The gateway: every API under one origin, one OpenAPI document for all. It keeps nothing and adds no rule of its own. */
import cors from '@fastify/cors'
import type { Logger } from 'pino'
import { type ProcessName, permissionsOf } from '#contracts'
import type { RunningService } from '#host'
import type { Clock } from '#platform/clock'
import { type Config, portOf, publicOriginOf } from '#platform/config'
import { httpApp } from '#platform/http/app'
import type { Caller } from '#platform/http/auth'
import { limitsOf } from '#platform/http/connections'
import type { Figures } from '#platform/http/figures'
import { finished } from '#platform/http/openapi'
import { listen } from '#platform/http/protocol'
import { refuseUnsafe } from '#platform/production'
import { telemetry } from '#platform/telemetry'
import { isOfService } from '#platform/tokens/issuers'
import { ownRoutes } from './http.ts'
import { merged, type ServiceDocument } from './merged-document.ts'
import { methodsAt } from './methods.ts'
import { peers as peersAt } from './peers.ts'
import { forwarded, forwardedToPages, proxyTo } from './proxy.ts'

export interface GatewayContext {
  readonly config: Config
  readonly clock: Clock
  readonly log: Logger
  readonly version: string
  /** Called at each request, because a service may not listen yet, or may have moved. */
  readonly addressOf: (service: string) => string
  /** The address of the pages; WEB_URL by default. Without either, every path outside the API is unknown. */
  readonly pages?: string | undefined
  /** Where the process tells its figures, when that is a port of its own. */
  readonly figures?: Figures | undefined
}

const DESCRIPTION = `Customers, vehicles, payments and purchases: every API of Mercado Veículo under one origin.

Money is BRL as a JSON number with at most two decimals, times are ISO 8601 with a zone. Whatever is refused is answered
with \`application/problem+json\` (RFC 9457): decide by \`type\`. Lists are read page by page, with \`limit\` and the
\`next_cursor\` of the page before as \`cursor\`. A POST with an \`Idempotency-Key\` can be repeated without a second effect.`

/** Rejects with EADDRINUSE when its port is taken. */
export async function runGateway({
  config,
  clock,
  log,
  version,
  addressOf,
  pages = config.WEB_URL,
  figures,
}: GatewayContext): Promise<RunningService> {
  const name = 'gateway' satisfies ProcessName
  refuseUnsafe(config, name)
  const ownLog = log.child({ service: name })
  const peers = peersAt(addressOf, ownLog)
  let isOpen = false

  const permissions = { ...permissionsOf(name), ...forwarded, ...(pages && forwardedToPages) }
  const mergedOnce = lastOf((parts: readonly ServiceDocument[]) => merged(finished(app.swagger(), permissions), parts))

  const app = await httpApp({
    title: 'Mercado Veículo',
    service: name,
    description: DESCRIPTION,
    version,
    log: ownLog,
    access: { verify: passedOn, permissions },
    telemetry: telemetry(name),
    figures: figures && { add: (_title, own) => figures.add(name, own) },
    ...limitsOf(config),
    methodsAt,
    document: async () => mergedOnce(await peers.documents()),
  })
  if (config.CORS_ORIGINS) await app.register(cors, corsOptions(config.CORS_ORIGINS))
  ownRoutes({ clock, version, peers, isOpen: () => isOpen, hasPages: pages !== undefined })(app)
  const patience = { timeoutMs: config.GATEWAY_TIMEOUT_SECONDS * 1_000, streamsMax: config.EVENT_STREAMS_MAX }
  await app.register(proxyTo({ addressOf, pages, publicOrigin: publicOriginOf(config), ...patience }))
  await listen(app, config.HOST, portOf(config, name))

  return {
    name,
    url: app.listeningOrigin.replace('0.0.0.0', '127.0.0.1'),
    begin() {
      isOpen = true
      return Promise.resolve()
    },
    retire() {
      isOpen = false
    },
    async [Symbol.asyncDispose]() {
      isOpen = false
      await app.close()
    },
  }
}

/** Services call each other directly, so no caller from outside is a service. The service judges all else about a token. */
const passedOn = (token: string): Promise<Caller> =>
  isOfService(token)
    ? Promise.reject(new Error('services may not call through the gateway'))
    : Promise.resolve({ role: 'nobody' })

/** Keeps the last result, and returns it again for the same object. */
function lastOf<Input extends object, Output>(make: (input: Input) => Output): (input: Input) => Output {
  let last: { readonly input: Input; readonly output: Output } | undefined
  return (input) => {
    if (last?.input !== input) last = { input, output: make(input) }
    return last.output
  }
}

/** Tokens travel in a header that pages set themselves: no cookies, so no credentials. */
const corsOptions = (origins: string) => ({
  origin: origins === '*' ? '*' : origins.split(','),
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  exposedHeaders: [
    ...['ETag', 'Retry-After', 'X-Request-Id', 'X-Api-Version', 'Content-Disposition', 'Content-Language', 'Link'],
    ...['RateLimit', 'RateLimit-Policy', 'Deprecation', 'Sunset'],
    ...['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'],
  ],
  maxAge: 600,
})

/** `GET /health` and `GET /ready`: whether a service is alive and reaches its database, and whether it may take traffic. */
import type { Clock } from '#platform/clock'
import type { Queryable } from '#platform/database/database'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import { remembered } from '#platform/remembered'
import { healthSchema } from './health.ts'

/** Everybody may ask as often as they like, so the answer is kept for a moment. */
const REMEMBERED_MS = 1_000

export interface StateParts {
  /** As `GET /health` says it. */
  readonly service: string
  readonly database: Queryable
  readonly version: string
  readonly clock: Clock
  readonly isReady: () => boolean
}

export const stateRoutes = (parts: StateParts) => (app: HttpApp) => {
  const tell = stateOf(parts)
  app.get('/health', { schema: showHealthSchema }, showHealth(tell))
  app.get('/ready', { schema: showReadySchema }, showReady(tell, parts.isReady))
}

type Tell = ReturnType<typeof stateOf>

/** The answer of both routes, which needs the database; throws the problem `unavailable` without it. */
function stateOf({ service, database, version, clock }: StateParts) {
  const reached = remembered(REMEMBERED_MS, () =>
    database.query('select 1').then(
      () => true,
      () => false,
    ),
  )
  return async (status: string) => {
    if (!(await reached())) throw new Problem('unavailable')
    return { status, service, timestamp: clock.now().toISOString(), version }
  }
}

const showHealthSchema = healthSchema('Whether the service is alive and reaches its database')

const showHealth =
  (tell: Tell): Handler<typeof showHealthSchema> =>
  () =>
    tell('healthy')

const showReadySchema = healthSchema('Whether it may take traffic')

const showReady =
  (tell: Tell, isReady: () => boolean): Handler<typeof showReadySchema> =>
  () => {
    if (!isReady()) throw new Problem('unavailable')
    return tell('ready')
  }

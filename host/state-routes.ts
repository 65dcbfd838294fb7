/** `GET /health` and `GET /ready`: whether a service is alive and reaches its database, and whether it may take traffic. */
import type { Clock } from '#platform/clock'
import type { Queryable } from '#platform/database/database'
import type { HttpApp } from '#platform/http/server'
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

export const stateRoutes =
  ({ service, database, version, clock, isReady }: StateParts) =>
  (app: HttpApp) => {
    const reached = remembered(REMEMBERED_MS, () =>
      database.query('select 1').then(
        () => true,
        () => false,
      ),
    )
    const answer = async (status: string) => {
      if (!(await reached())) throw new Problem('unavailable')
      return { status, service, timestamp: clock.now().toISOString(), version }
    }
    const alive = healthSchema('Whether the service is alive and reaches its database')
    app.get('/health', { schema: alive }, () => answer('healthy'))
    app.get('/ready', { schema: healthSchema('Whether it may take traffic') }, () => {
      if (!isReady()) throw new Problem('unavailable')
      return answer('ready')
    })
  }

/** The gateway's own routes: its health, whether every service behind it is ready, and a start page for browsers. */

import { healthSchema } from '#host'
import type { Clock } from '#platform/clock'
import type { HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import { remembered } from '#platform/remembered'
import type { Peers } from './peers.ts'

/** Everybody may ask as often as they like, so the answer is kept for a moment. */
const REMEMBERED_MS = 1_000

export interface RouteParts {
  readonly clock: Clock
  readonly version: string
  readonly peers: Peers
  /** False while it starts or stops. */
  readonly isOpen: () => boolean
  /** Whether the pages answer at `/`; without them it leads to the reference. */
  readonly hasPages: boolean
}

export const ownRoutes =
  ({ clock, version, peers, isOpen, hasPages }: RouteParts) =>
  (app: HttpApp) => {
    const state = (status: string) => ({
      status,
      service: 'gateway',
      timestamp: clock.now().toISOString(),
      version,
    })

    const readiness = remembered(REMEMBERED_MS, () => peers.readiness())
    app.get('/health', { schema: healthSchema('Whether the gateway is alive') }, () => state('healthy'))

    app.get(
      '/ready',
      {
        schema: healthSchema(
          'Whether every service may take traffic',
          'A refusal names each service in `services`, as `ready` or `unavailable`.',
        ),
      },
      async () => {
        const services = await readiness()
        const isReady = isOpen() && Object.values(services).every((one) => one === 'ready')
        if (!isReady) throw new Problem('unavailable', { services })
        return state('ready')
      },
    )

    if (!hasPages) app.get('/', { schema: { hide: true } }, (_request, reply) => reply.redirect('/docs'))
  }

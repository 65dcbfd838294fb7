/** Whether the gateway is alive, and whether every service behind it is ready; and a start page for browsers. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { healthSchema } from '#host'
import type { Clock } from '#platform/clock'
import type { Handler } from '#platform/http/server'
import { Problem } from '#platform/problem'
import { remembered } from '#platform/remembered'
import type { Peers } from '../peers.ts'

/** Everybody may ask as often as they like, so an answer is reused for this long. */
const REMEMBERED_MS = 1_000

export interface RouteParts {
  readonly clock: Clock
  readonly version: string
  readonly peers: Peers
  /** False while it starts or stops. */
  readonly isOpen: () => boolean
  /** Whether the pages answer at `/`. If not, `/` redirects to the reference. */
  readonly hasPages: boolean
}

const stateOf = ({ clock, version }: RouteParts, status: string) => ({
  status,
  service: 'gateway',
  timestamp: clock.now().toISOString(),
  version,
})

export const showHealthSchema = healthSchema('Whether the gateway is alive')

export const showHealth =
  (parts: RouteParts): Handler<typeof showHealthSchema> =>
  () =>
    stateOf(parts, 'healthy')

export const showReadySchema = healthSchema(
  'Whether every service may take traffic',
  'A refusal names each service in `services`, as `ready` or `unavailable`.',
)

export function showReady(parts: RouteParts): Handler<typeof showReadySchema> {
  const readiness = remembered(REMEMBERED_MS, () => parts.peers.readiness())
  return async () => {
    const services = await readiness()
    const isReady = parts.isOpen() && Object.values(services).every((one) => one === 'ready')
    if (!isReady) throw new Problem('unavailable', { services })
    return stateOf(parts, 'ready')
  }
}

export const leadToReference = (_request: FastifyRequest, reply: FastifyReply) => reply.redirect('/docs')

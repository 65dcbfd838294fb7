/** `GET /saga-states/overdue`: late purchases, which an operator should look at before they wait for one. */
import { type Static, Type } from 'typebox'
import { Timestamp } from '#contracts'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database/database'
import { answers } from '#platform/http/app'
import { callerOf } from '#platform/http/auth'
import { Limit } from '#platform/http/page'
import type { Handler, HttpApp } from '#platform/http/server'
import { listOverdue, type OverdueSaga } from '../runner/saga-store.ts'
import { SagaView, viewOf } from './views.ts'

const OverdueView = Type.Object(
  {
    saga: SagaView,
    attempt: Type.Integer({ description: 'How often its step was asked' }),
    step_began_at: Timestamp,
    deadline: Timestamp,
  },
  { title: 'OverdueSaga' },
)

const Overdue = Type.Object({ overdue: Type.Array(OverdueView), timestamp: Timestamp })

const Query = Type.Object({ limit: Limit })

interface Parts {
  readonly database: Database
  readonly clock: Clock
}

export const overdueRoutes = (parts: Parts) => (app: HttpApp) => {
  app.get('/saga-states/overdue', { schema: showOverdueSchema }, showOverdue(parts))
}

const showOverdueSchema = {
  summary: 'Purchases whose step has let a deadline pass',
  description:
    'The participant was asked again, or will be; those whose deadline is next come first. Few and for a moment is usual; many, or for long, means that a service does not answer.',
  tags: ['operations'],
  querystring: Query,
  response: answers({ 200: Overdue }, 'validation_failed'),
}

const showOverdue =
  ({ database, clock }: Parts): Handler<typeof showOverdueSchema> =>
  async (request) => {
    const now = clock.now()
    const overdue = await listOverdue(database, now, request.query.limit)
    const caller = callerOf(request)
    return { overdue: overdue.map((one) => overdueView(one, viewOf(one, caller))), timestamp: now.toISOString() }
  }

const overdueView = (
  { attempt, step_began_at, deadline }: OverdueSaga,
  saga: Static<typeof SagaView>,
): Static<typeof OverdueView> => ({
  saga,
  attempt,
  step_began_at: step_began_at.toISOString(),
  deadline: (deadline ?? step_began_at).toISOString(),
})

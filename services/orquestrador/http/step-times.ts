/** `GET /step-times`: how long each step takes, of the newest purchases and returns. */
import { Type } from 'typebox'
import { Timestamp } from '#contracts'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database/database'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import { stepTimes } from '../runner/step-times-store.ts'

const StepTimeView = Type.Object(
  {
    step: Type.String(),
    times: Type.Integer({ description: 'How often it was measured' }),
    median_seconds: Type.Number(),
    p95_seconds: Type.Number({ description: 'Nineteen of twenty took no longer' }),
  },
  { title: 'StepTime' },
)

interface Parts {
  readonly database: Database
  readonly clock: Clock
}

export const stepTimeRoutes = (parts: Parts) => (app: HttpApp) => {
  app.get('/step-times', { schema: showStepTimesSchema }, showStepTimes(parts))
}

const showStepTimesSchema = {
  summary: 'How long each step of the newest purchases and returns took',
  description:
    'From the moment a step began to the next; where a buyer pays by Pix, it is the buyer who takes that time.',
  tags: ['operations'],
  response: answers({ 200: Type.Object({ steps: Type.Array(StepTimeView), timestamp: Timestamp }) }),
}

const showStepTimes =
  ({ database, clock }: Parts): Handler<typeof showStepTimesSchema> =>
  async () => ({ steps: await stepTimes(database), timestamp: clock.now().toISOString() })

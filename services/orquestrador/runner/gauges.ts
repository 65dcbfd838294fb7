/** What the orquestrador reports to monitoring: how many purchases are under way, and whether any is stuck. */
import type { Clock } from '#platform/clock'
import type { Queryable } from '#platform/database/database'
import type { Gauge } from '#platform/telemetry'
import type { SagaDefinition } from '#saga'
import { countAllOpenPix, countManualInterventions, countUnfinished, oldestSteps } from './saga-store.ts'

const UNFINISHED = ['STARTED', 'IN_PROGRESS', 'COMPENSATING', 'CANCELLING']

/** Every status and step is reported, also with a count of zero, so that a missing series never looks like a change. */
export function sagaGauges(database: Queryable, clock: Clock, definitions: readonly SagaDefinition[]): Gauge[] {
  const steps = stepNames(definitions)
  return [
    {
      name: 'mercado_sagas_unfinished',
      help: 'Purchases under way, counted up to 100,000; those that wait for an operator are not among them',
      labels: ['status'],
      read: async () => {
        const counts = new Map((await countUnfinished(database)).map(({ status, sagas }) => [String(status), sagas]))
        return UNFINISHED.map((status) => ({ labels: { status }, value: counts.get(status) ?? 0 }))
      },
    },
    {
      name: 'mercado_saga_oldest_unfinished_step_age_seconds',
      help: 'How long the purchase that is longest at a step has been there, 0 when none is',
      labels: ['step'],
      read: async () => {
        const ages = new Map((await oldestSteps(database, clock.now())).map((one) => [one.step, one.age_seconds]))
        return steps.map((step) => ({ labels: { step }, value: Math.max(ages.get(step) ?? 0, 0) }))
      },
    },
    {
      name: 'mercado_unpaid_pix_purchases',
      help: 'Purchases by Pix under way, each of which keeps a vehicle from everybody else and has cost nothing yet',
      read: async () => [{ value: await countAllOpenPix(database) }],
    },
    {
      name: 'mercado_manual_interventions',
      help: 'Purchases that wait for an operator',
      read: async () => [{ value: await countManualInterventions(database) }],
    },
  ]
}

function stepNames(definitions: readonly SagaDefinition[]): string[] {
  const steps = definitions.flatMap((definition) => definition.steps)
  const undos = steps.flatMap((step) => (step.kind === 'ask' && step.undo ? [step.undo.step] : []))
  return [...new Set([...steps.map(({ name }) => name), ...undos, ...undos.map((undo) => `CANCELLATION_${undo}`)])]
}

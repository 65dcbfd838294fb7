/** The orquestrador: runs each purchase as a saga across the other services. */
import {
  creditReleased,
  creditReservationFailed,
  creditReserved,
  type MessageContract,
  paymentCodeGenerated,
  paymentCodeGenerationFailed,
  paymentFailed,
  paymentProcessed,
  paymentRefunded,
  paymentRefundFailed,
  vehicleReleased,
  vehicleReservationFailed,
  vehicleReserved,
} from '#contracts'
import type { MessageIntake, ServiceDefinition, Stands } from '#messaging'
import { type Alarm, startAlarm } from '#platform/alarm'
import { passDeadlines } from './deadlines.ts'
import { purchaseRoutes } from './http.ts'
import { lookups } from './lookups.ts'
import { purchaseSaga } from './purchase-saga.ts'
import { type SagaRunner, sagaRunner } from './run-saga.ts'
import { makeCallsDue } from './saga-store.ts'

export const orquestrador: ServiceDefinition = {
  name: 'orquestrador',
  healthName: 'orquestrador',
  description: 'Purchases: starts them, runs each as a saga, shows where it stands, takes cancellations.',
  databaseName: 'orquestrador',
  port: (config) => config.PORT_ORQUESTRADOR,
  migrations: new URL('./migrations/', import.meta.url),
  wire,
}

const definitions = [purchaseSaga]

const replies = [
  creditReserved,
  creditReservationFailed,
  creditReleased,
  vehicleReserved,
  vehicleReservationFailed,
  vehicleReleased,
  paymentCodeGenerated,
  paymentCodeGenerationFailed,
  paymentProcessed,
  paymentFailed,
  paymentRefunded,
  paymentRefundFailed,
]

function wire({ config, database, unitOfWork, clock, ids, log, addressOf }: Stands) {
  let alarm: Alarm | undefined
  const peers = lookups(addressOf)
  const runner = sagaRunner({
    definitions,
    unitOfWork,
    clock,
    stepTimeout: config.SAGA_STEP_TIMEOUT_SECONDS * 1_000,
    makeCall: peers.markAsSold,
    onDeadline: (at) => alarm?.expect(at),
    onFault: (err, transaction_id) => log.warn({ err, transaction_id }, 'a call failed and will be made again'),
  })

  return {
    routes: purchaseRoutes({ database, runner, peers, clock, ids }),
    handlers: replies.flatMap((contract) =>
      contract.subscriptions
        .filter((name) => name.startsWith('orquestrador-'))
        .map((name) => intake(contract, name, runner)),
    ),
    start() {
      alarm = startAlarm(
        async () => passDeadlines(database, runner, clock),
        (err) => log.error({ err }, 'deadlines could not be passed'),
      )
      const callSteps = definitions.flatMap(({ steps }) =>
        steps.filter(({ kind }) => kind === 'call').map(({ name }) => name),
      )
      const recovery = makeCallsDue(database, callSteps, clock.now()).then(() => alarm?.expect(clock.now()))
      recovery.catch((err) => log.error({ err }, 'calls of the last run wait for their deadlines'))
      return disposeInOrder(
        () => alarm?.[Symbol.asyncDispose](),
        runner.idle,
        () => peers[Symbol.asyncDispose](),
      )
    },
  }
}

function intake(contract: MessageContract, subscription: string, runner: SagaRunner): MessageIntake {
  return {
    contract,
    subscription,
    take: (messages) =>
      Promise.all(
        messages.map(({ transaction_id, type, body }) => runner.apply(transaction_id, { kind: 'reply', type, body })),
      ),
  }
}

function disposeInOrder(...steps: readonly (() => PromiseLike<void> | undefined)[]): AsyncDisposable {
  return {
    async [Symbol.asyncDispose]() {
      for (const step of steps) await step()
    },
  }
}

/** The four services of the simulation, wired as their own service.ts wires them, but for HTTP. */
import type { MessageContract } from '#contracts'
import * as contracts from '#contracts'
import type { MessageIntake } from '#messaging'
import type { GroupCommit } from '#platform/batching/group-commit'
import type { Clock, Ids } from '#platform/clock'
import type { SagaDefinition } from '#saga'
import { creditCommands } from '../../services/cliente-service/credit/commands.ts'
import { purchaseSaga } from '../../services/orquestrador/purchase-saga.ts'
import { returnSaga } from '../../services/orquestrador/return-saga.ts'
import { whenEnded } from '../../services/orquestrador/returns/when-ended.ts'
import type { CallResult } from '../../services/orquestrador/runner/calls.ts'
import { type SagaRunner, sagaRunner } from '../../services/orquestrador/runner/run-saga.ts'
import { sagaMemory } from '../../services/orquestrador/runner/saga-memory.ts'
import { paymentCommands } from '../../services/pagamento-service/charges/commands.ts'
import { type Provider, ProviderFault } from '../../services/pagamento-service/domain/provider.ts'
import type { ErrandParts } from '../../services/pagamento-service/errands/errands.ts'
import type { SaleRefusal } from '../../services/veiculo-service/domain/reservation.ts'
import type { Stock } from '../../services/veiculo-service/domain/vehicle.ts'
import { vehicleCommands } from '../../services/veiculo-service/reservations/commands.ts'
import { type SaleRequest, sales } from '../../services/veiculo-service/reservations/sales.ts'
import { returnCommands } from '../../services/veiculo-service/returns/commands.ts'
import { purchasesWithReturn } from './memory-return-store.ts'
import { makeCallsDue } from './memory-saga-store.ts'
import type { Network } from './network.ts'
import { Service, type SimulatedContext } from './service.ts'

export const STEP_TIMEOUT_MS = 30_000
export const CODE_LIFE = 60_000

interface Parts {
  readonly network: Network
  readonly ids: Ids
  readonly clockOf: (service: string) => Clock
}

export const cliente = ({ network, ids, clockOf }: Parts) => {
  const clock = clockOf('cliente-service')
  return new Service('cliente-service', { network, ids, clock }, ({ clock: own }) => creditCommands(own))
}

export function veiculo({ network, ids, clockOf }: Parts) {
  const clock = clockOf('veiculo-service')
  const service = new Service('veiculo-service', { network, ids, clock }, (context) => [
    ...vehicleCommands(context.clock),
    ...returnCommands(context.clock, ids),
  ])
  const { unitOfWork } = service
  const issueCode = () => {
    const code = `pickup${ids.uuid()}`
    return { pickup_code: code, pickup_print: code }
  }
  const open = (): GroupCommit<SaleRequest, Stock | SaleRefusal> => sales({ unitOfWork, clock, ids, issueCode })
  return { service, sell: (wanted: SaleRequest) => open().submit(wanted) }
}

export function pagamento(
  { network, ids, clockOf }: Parts,
  parts: { provider: Provider } & Pick<ErrandParts, 'charges' | 'giveBack'>,
) {
  const clock = clockOf('pagamento-service')
  const commands = {
    clock,
    provider: parts.provider,
    newCode: () => `code${ids.uuid()}`,
    timeToLiveMs: CODE_LIFE,
    onExpiry: () => {},
  }
  const service = new Service('pagamento-service', { network, ids, clock }, () => paymentCommands(commands))
  const { database, unitOfWork } = service
  const errands: ErrandParts = {
    ...{ database, unitOfWork, clock, charges: parts.charges, giveBack: parts.giveBack },
    onError: (error) => {
      if (!(error instanceof ProviderFault)) service.noteFault(error)
    },
  }
  return { service, errands }
}

/** The next version of a definition: the same steps, under another number. */
const next = (definition: SagaDefinition): SagaDefinition => ({ ...definition, version: definition.version + 1 })

const replies: readonly MessageContract[] = Object.values(contracts).flatMap((one) =>
  typeof one === 'object' &&
  'topic' in one &&
  one.subscriptions.some((name) => name.startsWith('orquestrador-')) &&
  !one.topic.includes('purchase')
    ? [one]
    : [],
)

export function orquestrador({ network, ids, clockOf }: Parts) {
  const clock = clockOf('orquestrador')
  let runners: SagaRunner[] = []
  let definitions: readonly SagaDefinition[] = [purchaseSaga, returnSaga]

  const runnerOf = ({ unitOfWork }: SimulatedContext): SagaRunner =>
    sagaRunner({
      definitions,
      unitOfWork,
      clock,
      stepTimeoutMs: STEP_TIMEOUT_MS,
      memory: sagaMemory(),
      takenOver: purchasesWithReturn,
      whenEnded,
      makeCall: (_name, transaction_id, request) =>
        new Promise<CallResult>((resolve, reject) => {
          const { vehicle_id } = request as { vehicle_id: number }
          network.calls.push({ transaction_id, vehicle_id, resolve, reject })
        }),
      onDeadline: () => {},
      onMoved: () => {},
      onFault: (error) => service.noteFault(error),
    })

  const service: Service = new Service('orquestrador', { network, ids, clock }, (context) => {
    const runner = runnerOf(context)
    runners = [...runners.slice(-1), runner]
    return replies.flatMap((contract) => intakesOf(contract, runner))
  })

  return {
    service,
    /** Of the process that runs now. */
    runner: (): SagaRunner => runners[0] as SagaRunner,
    /** As the service does at its start: calls that were under way when it died are made again. */
    recover: () => makeCallsDue(service.database, definitions, clock.now()),
    /** From the next start on. */
    upgrade() {
      definitions = [purchaseSaga, returnSaga, next(purchaseSaga), next(returnSaga)]
    },
  }
}

function intakesOf(contract: MessageContract, runner: SagaRunner): MessageIntake[] {
  const names = contract.subscriptions.filter((name) => name.startsWith('orquestrador-'))
  return names.map((subscription) => ({
    contract,
    subscription,
    take: (messages) =>
      Promise.all(
        messages.map(({ transaction_id, type, body }) => runner.apply(transaction_id, { kind: 'reply', type, body })),
      ),
  }))
}

/** The orquestrador in memory: the real engine under the real definition, its sagas kept as the database keeps them. */
import { begin, type Decision, type decide, isFinal, type Saga, type SagaInput } from '#saga'
import { type PurchaseRequest, purchaseSaga } from '../../services/orquestrador/purchase-saga.ts'
import type { Network } from './network.ts'

const STEP_TIMEOUT = 30_000

export type Decide = typeof decide

export class Orquestrador {
  readonly sagas = new Map<string, Saga>()
  /** `status step` pairs that sagas were seen at. */
  readonly positions = new Set<string>()
  readonly #network: Network
  readonly #decide: Decide
  readonly #now: () => Date

  constructor(network: Network, now: () => Date, decideBy: Decide) {
    this.#network = network
    this.#now = now
    this.#decide = decideBy
  }

  start(transaction_id: string, request: PurchaseRequest): void {
    this.#apply(begin(purchaseSaga, transaction_id, request, this.#moment()))
  }

  apply(transaction_id: string, input: SagaInput): void {
    const saga = this.sagas.get(transaction_id)
    if (saga) this.#apply(this.#decide(purchaseSaga, saga, input, this.#moment()))
  }

  lookAtDeadlines(): void {
    for (const id of this.sagas.keys()) this.apply(id, { kind: 'deadline' })
  }

  /** Its process dies and starts again: calls and answers under way are forgotten, steps that call are due at once. */
  restart(): void {
    this.#network.calls = []
    this.#network.answers = []
    const callSteps = purchaseSaga.steps.filter(({ kind }) => kind === 'call').map(({ name }) => name)
    for (const [id, saga] of this.sagas) {
      if (saga.deadline && callSteps.includes(saga.step)) this.sagas.set(id, { ...saga, deadline: this.#now() })
    }
  }

  get unfinished(): Saga[] {
    return [...this.sagas.values()].filter((saga) => !isFinal(saga))
  }

  #apply({ saga, effects, transition }: Decision): void {
    const { transaction_id } = saga
    if (transition) {
      this.sagas.set(transaction_id, { ...saga, data: JSON.parse(JSON.stringify(saga.data)) })
      this.positions.add(`${saga.status} ${saga.step}`)
    }
    for (const effect of effects) {
      if (effect.kind === 'send') this.#network.send({ ...effect, transaction_id })
      else
        this.#network.calls.push({ transaction_id, step: effect.step, ...(effect.request as { vehicle_id: number }) })
    }
  }

  #moment = () => ({ now: this.#now(), stepTimeout: STEP_TIMEOUT })
}

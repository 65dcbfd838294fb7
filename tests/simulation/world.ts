/**
 * The system in memory: participants that decide by the services' own domain rules, the pure saga engine, and one
 * network that holds every message in flight. A step is one local transaction: it changes one owner's records and puts
 * its messages on the network together, or does nothing at all when the process dies before the commit.
 */
import type { MessageContract } from '#contracts'
import { begin, decide, type Effect, isFinal, type Saga, type SagaInput, type Transition } from '#saga'
import {
  type CreditHold,
  reserveReply as creditHeld,
  reserve as holdCredit,
  releaseReply as holdReleased,
  release as releaseHold,
} from '../../services/cliente-service/domain/credit-hold.ts'
import type { Account } from '../../services/cliente-service/domain/customer.ts'
import { type PurchaseRequest, purchaseSaga } from '../../services/orquestrador/purchase-saga.ts'
import { type Charge, expire, generate, pay, refund } from '../../services/pagamento-service/domain/charge.ts'
import {
  generateReply,
  paymentReply,
  refundRefusedReply,
  refundReply,
  unknownCodeReply,
} from '../../services/pagamento-service/domain/replies.ts'
import { simulatedProvider } from '../../services/pagamento-service/simulated-provider.ts'
import {
  type Reservation,
  release as releaseVehicle,
  sell,
  reserve as takeVehicle,
  releaseReply as vehicleFreed,
  reserveReply as vehicleTaken,
} from '../../services/veiculo-service/domain/reservation.ts'
import type { Stock } from '../../services/veiculo-service/domain/vehicle.ts'

export interface InFlight {
  readonly topic: string
  readonly transaction_id: string
  // biome-ignore lint/suspicious/noExplicitAny: checked by the contract at the real consumer; here by the rules' own types
  readonly body: any
}

interface Call {
  readonly transaction_id: string
  readonly step: string
  readonly vehicle_id: number
}

/** The rules that a test may replace by broken ones, to prove that the simulation sees the difference. */
export const RULES = { holdCredit, releaseHold, takeVehicle, releaseVehicle, sell, generate, pay, expire, refund }
export type Rules = typeof RULES

const CODE_LIFE = 60_000
const STEP_TIMEOUT = 30_000

export class World {
  readonly accounts = new Map<number, Account>()
  readonly holds = new Map<string, CreditHold>()
  readonly vehicles = new Map<number, Stock>()
  readonly reservations = new Map<string, Reservation>()
  readonly charges = new Map<string, Charge>()
  readonly sagas = new Map<string, Saga>()
  readonly transitions: (Transition & { transaction_id: string })[] = []
  /** Everything that was ever sent stays deliverable: what is taken out was acknowledged. */
  network: InFlight[] = []
  calls: Call[] = []
  now = new Date('2026-01-05T12:00:00Z')
  readonly #rules: Rules
  #ids = 0

  constructor(rules: Rules = RULES) {
    this.#rules = rules
  }

  start(transaction_id: string, request: PurchaseRequest): void {
    this.#apply(begin(purchaseSaga, transaction_id, request, this.#moment()))
  }

  input(transaction_id: string, input: SagaInput): void {
    const saga = this.sagas.get(transaction_id)
    if (saga) this.#apply(decide(purchaseSaga, saga, input, this.#moment()))
  }

  /** One transaction of the message's owner. Delivering the same message again is always allowed. */
  deliver({ topic, transaction_id, body }: InFlight): void {
    const owner = this.#owners[topic]
    if (owner) owner({ ...body, transaction_id })
    else if (!topic.startsWith('events.purchase.')) this.input(transaction_id, { kind: 'reply', type: topic, body })
  }

  readonly #owners: Readonly<Record<string, (command: InFlight['body']) => void>> = {
    'commands.credit.reserve': (command) => {
      const { account, hold } = this.#creditOf(command)
      this.#settleHold(this.#rules.holdCredit(account, hold, command), creditHeld)
    },
    'commands.credit.release': (command) => {
      const { account, hold } = this.#creditOf(command)
      this.#settleHold(this.#rules.releaseHold(account, hold, command), holdReleased)
    },
    'commands.vehicle.reserve': (command) => {
      const { vehicle, reservation } = this.#vehicleOf(command)
      this.#settleReservation(this.#rules.takeVehicle(vehicle, reservation, command), vehicleTaken)
    },
    'commands.vehicle.release': (command) => {
      const { vehicle, reservation } = this.#vehicleOf(command)
      this.#settleReservation(this.#rules.releaseVehicle(vehicle, reservation, command), vehicleFreed)
    },
    'commands.payment.generate_code': (command) => {
      const before = this.charges.get(command.transaction_id)
      this.#send(generateReply(this.#put(this.#rules.generate(before, command, this.#freshCode(), simulatedProvider))))
    },
    'commands.payment.process': ({ transaction_id }) => {
      const charge = this.charges.get(transaction_id)
      if (!charge) this.#send(unknownCodeReply(transaction_id))
      else if (charge.code.payment_type === 'pix') this.#send(paymentReply(charge))
      else this.#payBy(charge, charge.code.payment_type)
    },
    'commands.payment.refund': (command) => {
      const { transaction_id, resumptions } = command
      const before = this.charges.get(transaction_id)
      const after = this.#rules.refund(before, command, this.#freshCode(), resumptions, simulatedProvider)
      if (after === 'provider_refused') this.#send(refundRefusedReply(transaction_id))
      else this.#send(refundReply(this.#put(after)))
    },
  }

  /** The HTTP call of the last step, made by the orquestrador and decided by the vehicle's owner. */
  answer({ transaction_id, step, vehicle_id }: Call, answerIsLost: boolean): void {
    const vehicle = this.vehicles.get(vehicle_id)
    const to = { transaction_id, pickup_code: `pickup-${transaction_id}` }
    const sold = this.#rules.sell(vehicle, this.reservations.get(transaction_id), to, this.now)
    if (typeof sold === 'object') {
      this.vehicles.set(vehicle_id, sold.vehicle)
      if (sold.reservation) this.reservations.set(transaction_id, sold.reservation)
    }
    if (answerIsLost) return
    if (typeof sold === 'object') this.input(transaction_id, { kind: 'call_answered', step, answer: to })
    else this.input(transaction_id, { kind: 'call_refused', step, reason: sold })
  }

  /** The buyer pays by the code; a code that can't be paid any more is refused. */
  payFromOutside(transaction_id: string): void {
    const charge = this.charges.get(transaction_id)
    if (charge?.code.status === 'pending') this.#payBy(charge, 'pix')
  }

  expireCodes(): void {
    for (const charge of this.charges.values()) {
      const after = this.#rules.expire(charge, this.now)
      if (after !== charge) this.#send(paymentReply(this.#put(after)))
    }
  }

  passTime(milliseconds: number): void {
    this.now = new Date(this.now.getTime() + milliseconds)
  }

  /** When the next deadline or expiry is; undefined when nothing is awaited. */
  nextMoment(): Date | undefined {
    const deadlines = [...this.sagas.values()].flatMap(({ deadline }) => (deadline ? [deadline] : []))
    const expiries = [...this.charges.values()].flatMap(({ code }) =>
      code.status === 'pending' ? [code.expires_at] : [],
    )
    return [...deadlines, ...expiries].sort((one, other) => one.getTime() - other.getTime())[0]
  }

  get unfinished(): Saga[] {
    return [...this.sagas.values()].filter((saga) => !isFinal(saga))
  }

  #moment = () => ({ now: this.now, stepTimeout: STEP_TIMEOUT })

  #freshCode = () => ({ code: `code${this.#ids++}`, expires_at: new Date(this.now.getTime() + CODE_LIFE) })

  #apply({ saga, effects, transition }: { saga: Saga; effects: readonly Effect[]; transition?: Transition }): void {
    const { transaction_id } = saga
    this.sagas.set(transaction_id, saga)
    if (transition) this.transitions.push({ transaction_id, ...transition })
    for (const effect of effects) {
      if (effect.kind === 'send') this.#send({ contract: effect.contract, transaction_id, body: effect.body })
      else this.calls.push({ transaction_id, step: effect.step, ...(effect.request as { vehicle_id: number }) })
    }
  }

  #payBy(charge: Charge, method: string): void {
    this.#send(paymentReply(this.#put(this.#rules.pay(charge, method, this.now, simulatedProvider))))
  }

  #creditOf = ({ customer_id, transaction_id }: InFlight['body']) => ({
    account: this.accounts.get(customer_id),
    hold: this.holds.get(transaction_id),
  })

  #vehicleOf = ({ vehicle_id, transaction_id }: InFlight['body']) => ({
    vehicle: this.vehicles.get(vehicle_id),
    reservation: this.reservations.get(transaction_id),
  })

  #settleHold(settled: ReturnType<typeof holdCredit<Account>>, reply: typeof creditHeld | typeof holdReleased): void {
    this.holds.set(settled.hold.transaction_id, settled.hold)
    if (settled.customer) this.accounts.set(settled.customer.id, settled.customer)
    this.#send(reply(settled.hold))
  }

  #settleReservation(
    settled: ReturnType<typeof takeVehicle<Stock>>,
    reply: typeof vehicleTaken | typeof vehicleFreed,
  ): void {
    this.reservations.set(settled.reservation.transaction_id, settled.reservation)
    if (settled.vehicle) this.vehicles.set(settled.vehicle.id, settled.vehicle)
    this.#send(reply(settled.reservation))
  }

  /** A stored payment has an id. */
  #put(charge: Charge): Charge {
    const { payment } = charge
    const stored = payment && payment.id === null ? { ...charge, payment: { ...payment, id: ++this.#ids } } : charge
    this.charges.set(stored.code.transaction_id, stored)
    return stored
  }

  #send(message: { contract: MessageContract; transaction_id: string; body: unknown } | undefined): void {
    if (!message) return
    const { contract, transaction_id, body } = message
    this.network.push({ topic: contract.topic, transaction_id, body })
  }
}

/**
 * The three services that own records, in memory, deciding by their own domain rules. Each method is one local
 * transaction: it changes its owner's records and sends its replies together.
 */
import {
  type BodyOf,
  generatePaymentCode,
  type MessageContract,
  processPayment,
  refundPayment,
  releaseCredit,
  releaseVehicle,
  reserveCredit,
  reserveVehicle,
} from '#contracts'
import * as credit from '../../services/cliente-service/domain/credit-hold.ts'
import type { Account } from '../../services/cliente-service/domain/customer.ts'
import { type Charge, expire, generate, isCodeOf, pay, refund } from '../../services/pagamento-service/domain/charge.ts'
import * as replies from '../../services/pagamento-service/domain/replies.ts'
import type { Provider } from '../../services/pagamento-service/provider.ts'
import { simulatedProvider } from '../../services/pagamento-service/simulated-provider.ts'
import * as vehicle from '../../services/veiculo-service/domain/reservation.ts'
import type { Stock } from '../../services/veiculo-service/domain/vehicle.ts'
import type { Call, Network, Sent } from './network.ts'

/** The rules that a test may replace by broken ones, to prove that the simulation sees the difference. */
export const RULES = {
  holdCredit: credit.reserve,
  releaseCredit: credit.release,
  takeVehicle: vehicle.reserve,
  releaseVehicle: vehicle.release,
  sell: vehicle.sell,
  ...{ generate, pay, expire, refund },
}
export type Rules = typeof RULES

type Command<Contract> = BodyOf<Contract> & { readonly transaction_id: string }

const CODE_LIFE = 60_000

export class Participants {
  readonly accounts = new Map<number, Account>()
  readonly holds = new Map<string, credit.CreditHold>()
  readonly vehicles = new Map<number, Stock>()
  readonly reservations = new Map<string, vehicle.Reservation>()
  readonly charges = new Map<string, Charge>()
  /** What the provider has really done, by transaction: how often it took the money, how often it gave it back. */
  readonly taken = new Map<string, number>()
  readonly givenBack = new Map<string, number>()
  readonly #network: Network
  readonly #rules: Rules
  readonly #now: () => Date
  #ids = 0

  constructor(network: Network, now: () => Date, rules: Rules) {
    this.#network = network
    this.#now = now
    this.#rules = rules
  }

  /** Handles a command; delivering the same one again is always allowed. False when it is for somebody else. */
  deliver(message: Sent): boolean {
    const handle = this.#handlers.get(message.contract.topic)
    handle?.(message)
    return handle !== undefined
  }

  /** The HTTP request of the last step; its pickup code is made anew for each, as the route makes it. */
  markAsSold({ transaction_id, step, vehicle_id }: Call): void {
    const to = { transaction_id, pickup_code: `pickup${++this.#ids}` }
    const wanted = this.vehicles.get(vehicle_id)
    const sale = this.#rules.sell(wanted, this.reservations.get(transaction_id), to, this.#now())
    if (typeof sale === 'string') {
      this.#network.answers.push({ transaction_id, input: { kind: 'call_refused', step, reason: sale } })
      return
    }
    this.vehicles.set(vehicle_id, sale.vehicle)
    if (sale.reservation) this.reservations.set(transaction_id, sale.reservation)
    const answer = { pickup_code: sale.vehicle.pickup_code }
    this.#network.answers.push({ transaction_id, input: { kind: 'call_answered', step, answer } })
  }

  /** The buyer pays by the code; one that is closed is refused, and its purchase hears nothing of it. */
  payFromOutside(transaction_id: string): void {
    const before = this.charges.get(transaction_id)
    if (!before) return
    const after = this.#payBy(before, 'pix')
    if (before.code.status === 'pending') this.#send(replies.paymentReply(after))
  }

  expireCodes(): void {
    for (const charge of this.charges.values()) {
      const after = this.#rules.expire(charge, this.#now())
      if (after !== charge) this.#send(replies.paymentReply(this.#put(after)))
    }
  }

  readonly #handlers = new Map([
    on(reserveCredit, (command) => {
      const settled = this.#rules.holdCredit(...this.#creditOf(command), command)
      this.#settleHold(settled)
      this.#send(credit.reserveReply(settled.hold))
    }),
    on(releaseCredit, (command) => {
      const settled = this.#rules.releaseCredit(...this.#creditOf(command), command)
      this.#settleHold(settled)
      this.#send(credit.releaseReply(settled.hold))
    }),
    on(reserveVehicle, (command) => {
      const settled = this.#rules.takeVehicle(...this.#vehicleOf(command), command)
      this.#settleReservation(settled)
      this.#send(vehicle.reserveReply(settled.reservation))
    }),
    on(releaseVehicle, (command) => {
      const settled = this.#rules.releaseVehicle(...this.#vehicleOf(command), command)
      this.#settleReservation(settled)
      this.#send(vehicle.releaseReply(settled.reservation))
    }),
    on(generatePaymentCode, (command) => {
      const before = this.charges.get(command.transaction_id)
      const after = this.#rules.generate(before, command, this.#freshCode(), this.#provider, this.#now())
      this.#send(replies.generateReply(this.#put(after)))
    }),
    on(processPayment, ({ transaction_id, payment_code }) => {
      const charge = this.charges.get(transaction_id)
      if (!isCodeOf(charge, payment_code)) return this.#send(replies.processReply(transaction_id, charge, payment_code))
      const { payment_type } = charge.code // pix is paid from outside
      this.#send(replies.paymentReply(payment_type === 'pix' ? charge : this.#payBy(charge, payment_type)))
    }),
    on(refundPayment, (command) => {
      const { transaction_id, resumptions } = command
      const before = this.charges.get(transaction_id)
      const after = this.#rules.refund(before, command, this.#freshCode(), resumptions, this.#provider, this.#now())
      this.#send(replies.refundReply(this.#put(after)))
    }),
  ])

  /** The services' own simulated provider, with a record of what it did. */
  readonly #provider: Provider = {
    issue: simulatedProvider.issue,
    approves: (code) => counted(this.taken, code.transaction_id, simulatedProvider.approves(code)),
    refunds: (code, resumptions) =>
      counted(this.givenBack, code.transaction_id, simulatedProvider.refunds(code, resumptions)),
  }

  #payBy(charge: Charge, method: string): Charge {
    return this.#put(this.#rules.pay(charge, method, this.#now(), this.#provider))
  }

  #freshCode = () => ({ code: `code${++this.#ids}`, expires_at: new Date(this.#now().getTime() + CODE_LIFE) })

  #creditOf = ({ customer_id, transaction_id }: Command<typeof reserveCredit>) =>
    [this.accounts.get(customer_id), this.holds.get(transaction_id)] as const

  #vehicleOf = ({ vehicle_id, transaction_id }: Command<typeof releaseVehicle>) =>
    [this.vehicles.get(vehicle_id), this.reservations.get(transaction_id)] as const

  #settleHold({ customer, hold }: credit.Settlement<Account>): void {
    this.holds.set(hold.transaction_id, hold)
    if (customer) this.accounts.set(customer.id, customer)
  }

  #settleReservation({ vehicle: stock, reservation }: vehicle.Settlement<Stock>): void {
    this.reservations.set(reservation.transaction_id, reservation)
    if (stock) this.vehicles.set(stock.id, stock)
  }

  /** A stored payment has an id. */
  #put(charge: Charge): Charge {
    const { payment } = charge
    const stored = payment && payment.id === null ? { ...charge, payment: { ...payment, id: ++this.#ids } } : charge
    this.charges.set(stored.code.transaction_id, stored)
    return stored
  }

  #send(message: Sent | undefined): void {
    if (message) this.#network.send(message)
  }
}

function on<Contract extends MessageContract>(contract: Contract, handle: (command: Command<Contract>) => void) {
  // the network has checked the body
  const take = ({ body, transaction_id }: Sent) => handle(Object.assign({ transaction_id }, body) as Command<Contract>)
  return [contract.topic, take] as const
}

function counted(tally: Map<string, number>, transaction_id: string, isDone: boolean): boolean {
  if (isDone) tally.set(transaction_id, (tally.get(transaction_id) ?? 0) + 1)
  return isDone
}

/** The whole system in memory, and how it comes to be: a seed's customers, vehicles and purchases. */
import type { PaymentType } from '#contracts'
import { decide } from '#saga'
import { onSale } from '../../services/veiculo-service/domain/vehicle.ts'
import { Network } from './network.ts'
import { type Decide, Orquestrador } from './orquestrador.ts'
import { Participants, RULES, type Rules } from './participants.ts'
import type { Random } from './random.ts'

/** Rules of a service, or the engine's own decide, put in the place of the true ones. */
export type Faults = Partial<Rules & { decide: Decide }>

export interface World {
  readonly network: Network
  readonly participants: Participants
  readonly orquestrador: Orquestrador
  readonly clock: { now: Date }
}

/** The magic cents of the simulated provider: it declines, issues no code, refuses to refund at first. */
const CENTS = [0, 0, 0, 0, 13, 17, 19]

export function makeWorld(choose: Random, faults: Faults): World {
  const clock = { now: new Date('2026-01-05T12:00:00Z') }
  const network = new Network()
  const now = () => clock.now
  const participants = new Participants(network, now, { ...RULES, ...faults })
  const orquestrador = new Orquestrador(network, now, faults.decide ?? decide)

  const customers = upTo(3, choose)
  for (const id of customers) {
    const money = { account_balance_cents: choose.int(5) * 10_000, credit_limit_cents: choose.int(5) * 10_000 }
    const status = choose.chance(95) ? 'active' : 'blocked'
    participants.accounts.set(id, { id, status, used_credit_cents: 0, ...money })
  }
  const vehicles = upTo(3, choose)
  for (const id of vehicles) {
    participants.vehicles.set(id, { id, price_cents: 9_000 + choose.pick(CENTS), revision: 1, ...onSale })
  }
  for (const number of upTo(6, choose)) {
    const vehicle_id = choose.pick(vehicles)
    orquestrador.start(`purchase-${number}`, {
      customer_id: choose.chance(98) ? choose.pick(customers) : 404,
      vehicle_id,
      amount_cents: choose.chance(97) ? (participants.vehicles.get(vehicle_id)?.price_cents ?? 1) : 8_888,
      payment_type: choose.pick<PaymentType>(['cash', 'credit', 'pix']),
      vehicle: { brand: 'Fiat', model: 'Strada', year: 2024 },
    })
  }
  return { network, participants, orquestrador, clock }
}

/** When the next deadline or expiry is; undefined when nothing is awaited. */
export function nextMoment({ orquestrador, participants }: World): Date | undefined {
  const deadlines = [...orquestrador.sagas.values()].flatMap(({ deadline }) => deadline ?? [])
  const expiries = [...participants.charges.values()].flatMap(({ code }) =>
    code.status === 'pending' ? [code.expires_at] : [],
  )
  return [...deadlines, ...expiries].sort((one, other) => one.getTime() - other.getTime())[0]
}

const upTo = (most: number, choose: Random) => Array.from({ length: 1 + choose.int(most) }, (_, index) => index + 1)

/** The whole system in memory, and how it comes to be: a seed's customers, vehicles, purchases to come, and clocks. */
import type { PaymentType } from '#contracts'
import type { PurchaseRequest } from '../../services/orquestrador/purchase-saga.ts'
import { NO_FACTS, onSale, type Vehicle } from '../../services/veiculo-service/domain/vehicle.ts'
import type { MemoryDatabase, Table } from './memory.ts'
import { type CodeRow, codes, payments } from './memory-charge-store.ts'
import { customers } from './memory-credit-store.ts'
import { vehicles } from './memory-reservation-store.ts'
import { sagas } from './memory-saga-store.ts'
import { unmatched } from './memory-unmatched-store.ts'
import { Money } from './money.ts'
import { Network } from './network.ts'
import type { Random } from './random.ts'
import type { Service } from './service.ts'
import { cliente, orquestrador, pagamento, veiculo } from './services.ts'

export interface World {
  readonly network: Network
  readonly money: Money
  readonly clock: { now: number }
  readonly cliente: Service
  readonly veiculo: ReturnType<typeof veiculo>
  readonly pagamento: ReturnType<typeof pagamento>
  readonly orquestrador: ReturnType<typeof orquestrador>
  readonly services: readonly Service[]
  /** Milliseconds that a service's clock is ahead. */
  readonly skew: ReadonlyMap<string, number>
  /** Purchases that nobody has asked for yet, by transaction. */
  readonly wishes: Map<string, PurchaseRequest>
  /** Purchases whose buyer was told that they have begun. */
  readonly accepted: Map<string, PurchaseRequest>
  /** Purchases whose buyer was told that they are cancelled. */
  readonly cancelled: Set<string>
  /** Sagas that an operator has told to go through their steps again. */
  readonly redone: Set<string>
  nextId(): string
}

/** The magic cents of the simulated provider: it declines, issues no code, refuses to refund at first. */
const CENTS = [0, 0, 0, 0, 13, 17, 19]
const MINUTE = 60_000
/** How many minutes clocks are apart: in half of the worlds not at all. */
const SKEWS = [0, 0, 0, 1, -1, 5, -5]

export function makeWorld(choose: Random): World {
  const clock = { now: Date.UTC(2026, 0, 5, 12) }
  const names = ['cliente-service', 'veiculo-service', 'pagamento-service', 'orquestrador']
  const isSkewed = choose.chance(50)
  const skew = new Map(names.map((name) => [name, isSkewed ? choose.pick(SKEWS) * MINUTE : 0]))
  const clockOf = (name: string) => ({ now: () => new Date(clock.now + (skew.get(name) ?? 0)) })
  let ids = 0
  const nextId = () => {
    ids += 1
    return `u${ids}`
  }
  const network = new Network()
  const parts = { network, clockOf, ids: { uuid: nextId } }
  const money = new Money(choose.chance(40), clockOf('pagamento-service').now)
  const { provider, giveBack } = money
  const world = {
    ...{ network, money, clock, skew, nextId },
    cliente: cliente(parts),
    veiculo: veiculo(parts),
    pagamento: pagamento(parts, { provider, giveBack, charges: money.isRemote ? money.remote : undefined }),
    orquestrador: orquestrador(parts),
    wishes: new Map<string, PurchaseRequest>(),
    accepted: new Map<string, PurchaseRequest>(),
    cancelled: new Set<string>(),
    redone: new Set<string>(),
  }
  const services = [world.cliente, world.veiculo.service, world.pagamento.service, world.orquestrador.service]
  for (const { consumers } of services) for (const name of consumers[0]?.keys() ?? []) network.listen(name)
  world.pagamento.service.database.onEnd = money.onEnd
  money.pause = () => world.pagamento.service.database.crew?.turn()

  fillAccounts(world.cliente.database, choose)
  fillVehicles(world.veiculo.service.database, choose)
  fillWishes(world, choose)
  return { ...world, services }
}

function fillAccounts(database: MemoryDatabase, choose: Random): void {
  for (const id of upTo(3, choose)) {
    const account = { account_balance_cents: choose.int(5) * 10_000, credit_limit_cents: choose.int(5) * 10_000 }
    const status = choose.chance(95) ? 'active' : 'blocked'
    database.rows(customers).set(id, { id, status, used_credit_cents: 0, ...account })
  }
}

const details = {
  ...{ brand: 'Fiat', model: 'Strada', year: 2024, color: 'Prata' },
  ...{ license_plate: 'ABC1D23', chassi_number: '9BWZZZ377VT004251', renavam: '00639884962' },
  ...{ mileage_km: null, fuel: null, transmission: null, description: null, photos: null, documentation: null },
  ...NO_FACTS,
  ...{
    received_by: null,
    photo_files: [],
    previous_vehicle_id: null,
    restrictions: null,
    created_at: new Date(0),
    updated_at: new Date(0),
  },
}

function fillVehicles(database: MemoryDatabase, choose: Random): void {
  for (const id of upTo(3, choose)) {
    const vehicle: Vehicle = { id, price_cents: 9_000 + choose.pick(CENTS), revision: 1, ...onSale, ...details }
    database.rows(vehicles).set(id, vehicle)
  }
}

function fillWishes(world: Pick<World, 'cliente' | 'veiculo' | 'wishes'>, choose: Random): void {
  const known = [...world.cliente.database.rows(customers).keys()].map(Number)
  const offered = [...world.veiculo.service.database.rows(vehicles).values()]
  for (const number of upTo(6, choose)) {
    const { id, price_cents } = choose.pick(offered)
    const amount_cents = choose.chance(97) ? price_cents : 8_888
    const payment_type = choose.pick<PaymentType>(['cash', 'cash', 'credit', 'credit', 'pix', 'pix', 'counter'])
    const vehicle = { brand: 'Fiat', model: 'Strada', year: 2024 }
    const customer_id = choose.chance(98) ? choose.pick(known) : 404
    world.wishes.set(`00000000-0000-7000-8000-00000000000${number}`, {
      customer_id,
      vehicle_id: id,
      amount_cents,
      payment_type,
      vehicle,
    })
  }
}

const upTo = (most: number, choose: Random) => Array.from({ length: 1 + choose.int(most) }, (_, index) => index + 1)

/** The next deadline, expiry or errand, by the world's clock; undefined when nothing is awaited. */
export function nextMoment(world: World): number | undefined {
  const { orquestrador: purchases, pagamento: paying, skew, money } = world
  const of = (service: Service, times: readonly (Date | null | undefined)[]) =>
    times.flatMap((at) => (at ? at.getTime() - (skew.get(service.name) ?? 0) : []))
  const rows = <Row extends object>(table: Table<Row>): Row[] => [...paying.service.database.rows(table).values()]
  const isOpen = ({ status, held_cents, task }: CodeRow) =>
    status === 'pending' && held_cents === 0 && (!task || task.kind === 'issue')
  /** Counter purchases wait without a limit. */
  const isForEver = (at: Date) => at.getUTCFullYear() === 9_999
  const times = [
    ...of(
      purchases.service,
      [...purchases.service.database.rows(sagas).values()].map(({ deadline }) =>
        deadline && isForEver(deadline) ? null : deadline,
      ),
    ),
    ...of(
      paying.service,
      rows(codes)
        .filter(isOpen)
        .map(({ expires_at }) => expires_at),
    ),
    ...of(paying.service, money.isRemote ? rows(codes).map(({ task }) => task?.due_at) : []),
    ...of(
      paying.service,
      rows(payments).map(({ refund_due_at }) => refund_due_at),
    ),
    ...of(
      paying.service,
      rows(unmatched).map(({ refund_due_at }) => refund_due_at),
    ),
  ]
  return times.length > 0 ? Math.min(...times) : undefined
}

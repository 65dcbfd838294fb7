/** The stores in memory do what the SQL does: the same handlers on both give the same answers and leave the same rows. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateRenavam } from '@brazilian-utils/brazilian-utils'
import type { Message, MessageContract } from '#contracts'
import type { MessageHandler, Outgoing, UnitOfWork } from '#messaging'
import { systemIds } from '#platform/clock'
import * as credit from '../../services/cliente-service/credit/commands.ts'
import { insertCustomer } from '../../services/cliente-service/customers/customer-store.ts'
import * as payment from '../../services/pagamento-service/charges/commands.ts'
import * as expiry from '../../services/pagamento-service/charges/expiry.ts'
import { simulatedProvider } from '../../services/pagamento-service/provider/simulated-provider.ts'
import * as receipts from '../../services/pagamento-service/receipts/receipts.ts'
import { NO_FACTS } from '../../services/veiculo-service/domain/vehicle.ts'
import * as vehicle from '../../services/veiculo-service/reservations/commands.ts'
import * as sale from '../../services/veiculo-service/reservations/sales.ts'
import * as comingBack from '../../services/veiculo-service/returns/commands.ts'
import { insertVehicle } from '../../services/veiculo-service/vehicles/vehicle-store.ts'
import { messageOf, type TestDatabase, testDatabase } from '../fixtures/database.ts'
import { MemoryDatabase, type Table } from './memory.ts'
import { codes, payments } from './memory-charge-store.ts'
import { vehicleReturns } from './memory-coming-back-store.ts'
import { creditHolds, customers, ledger } from './memory-credit-store.ts'
import { owedItems } from './memory-owed-store.ts'
import { reservations, vehicles } from './memory-reservation-store.ts'
import { unmatched } from './memory-unmatched-store.ts'
import { random } from './random.ts'
import { TWIN } from './seams.ts' // from here on; the imports above already stand on PostgreSQL

const BATCHES = 150
const clock = { at: Date.UTC(2026, 0, 5), now: () => new Date(clock.at) }
const PURCHASES = Array.from({ length: 12 }, () => systemIds.uuid()).sort()

async function twinOf<Module extends object>(_real: Module, path: string): Promise<Module> {
  const url = new URL(`../../services/${path}`, import.meta.url)
  return (await import(`${url.href}${TWIN}`)) as Module
}

/** Both sides of one service: a unit of work on each database, and what each has sent. */
async function sides(service: string) {
  const migrations = new URL(`../../services/${service}/migrations/`, import.meta.url)
  const { database, vault, unitOfWork }: TestDatabase = await testDatabase(migrations)
  const memory = new MemoryDatabase()
  const sent: [Outgoing[], Outgoing[]] = [[], []]
  const noting =
    (into: Outgoing[], work: UnitOfWork): UnitOfWork =>
    (given) =>
      work((tx, send) =>
        given(tx, (...outgoing) => {
          into.push(...outgoing)
          send(...outgoing)
        }),
      )
  const inMemory: UnitOfWork = (given) => memory.transaction((tx) => given(tx, () => {}))
  const works = [noting(sent[0], unitOfWork), noting(sent[1], inMemory)] as const
  return { database, vault, memory, works, sent }
}

const said = (outgoing: readonly Outgoing[]) =>
  outgoing.map(({ contract, transaction_id, body }) => [
    contract.topic,
    transaction_id,
    JSON.parse(JSON.stringify(body)),
  ])

/** Rows as text, without what only one of the sides has. */
const plain = (rows: Iterable<object>, keys: readonly string[]) =>
  [...rows]
    .map((row) =>
      JSON.stringify(
        Object.fromEntries(
          Object.entries(row)
            .filter(([key]) => keys.includes(key))
            .sort(),
        ),
      ),
    )
    .sort()

async function compare<Row extends object>(
  { database, memory }: Awaited<ReturnType<typeof sides>>,
  table: Table<Row>,
  keys: readonly string[],
) {
  const rows = await database.query<object>(`select ${keys.join(', ')} from ${table.name}`)
  assert.ok(rows.length > 0, `${table.name} has rows`)
  assert.deepEqual(plain(memory.rows(table).values(), keys), plain(rows, keys), table.name)
}

test('holds, balances and the ledger', async () => {
  const twin = await twinOf(credit, 'cliente-service/credit/commands.ts')
  const both = await sides('cliente-service')
  for (const id of [1, 2, 3]) {
    const money = { account_balance_cents: id * 20_000, credit_limit_cents: 30_000 }
    const nothing = { birth_date: null, driver_license: null, address: null, refund_pix_key: null }
    const none = { ...nothing, representative: null, consents: null }
    const person = { name: 'Ana', email: `a${id}@example.com`, phone: '+5511987654321', document: `0000000000${id}` }
    await both.database.transaction((tx) =>
      insertCustomer(tx, both.vault, { ...person, ...none, ...money }, clock.now()),
    )
    both.memory.rows(customers).set(id, { id, status: 'active', used_credit_cents: 0, ...money })
  }
  const choose = random(1)
  const bodies = PURCHASES.map((_, index) => ({
    customer_id: 1 + (index % 4), // one that does not exist, too
    amount_cents: 9_000,
    payment_type: choose.pick(['cash', 'credit', 'pix'] as const),
    ...{ purchase_id: PURCHASES[index], vehicle_id: 1 },
  }))
  await drive(both, [credit.creditCommands(clock), twin.creditCommands(clock)], choose, (topic, index) => ({
    ...bodies[index],
    ...(topic.endsWith('return') && { abated_cents: 500 }),
  }))
  await compare(both, customers, ['id', 'account_balance_cents', 'used_credit_cents'])
  await compare(both, creditHolds, [
    'transaction_id',
    'customer_id',
    'payment_type',
    'amount_cents',
    'status',
    'reason',
    'abated_cents',
  ])
  await compare(both, ledger, [
    'transaction_id',
    'kind',
    'account',
    'amount_cents',
    'balance_after_cents',
    'credit_after_cents',
  ])
})

test('vehicles, reservations and sales', async () => {
  const twins = [
    await twinOf(vehicle, 'veiculo-service/reservations/commands.ts'),
    await twinOf(sale, 'veiculo-service/reservations/sales.ts'),
    await twinOf(comingBack, 'veiculo-service/returns/commands.ts'),
  ] as const
  const both = await sides('veiculo-service')
  for (const number of [1, 2, 3]) {
    const papers = {
      license_plate: `ABC000${number}`,
      chassi_number: `9BWZZZ377VT00000${number}`,
      renavam: generateRenavam(),
    }
    const none = {
      mileage_km: null,
      fuel: null,
      transmission: null,
      description: null,
      photos: null,
      documentation: null,
      ...NO_FACTS,
    }
    const details = { brand: 'Fiat', model: 'Uno', year: 2020, color: 'Prata', price_cents: 9_000, ...papers, ...none }
    const row = await both.database.transaction((tx) => insertVehicle(tx, both.vault, details, clock.now()))
    both.memory.rows(vehicles).set(row.id, row)
  }
  const choose = random(2)
  const parts = { clock, ids: systemIds, issueCode: () => ({ pickup_code: 'v1.1.code', pickup_print: 'print' }) }
  const desks = [
    sale.sales({ ...parts, unitOfWork: both.works[0] }),
    twins[1].sales({ ...parts, unitOfWork: both.works[1] }),
  ]
  const handlers = [
    [...vehicle.vehicleCommands(clock), ...comingBack.returnCommands(clock, systemIds)],
    [...twins[0].vehicleCommands(clock), ...twins[2].returnCommands(clock, systemIds)],
  ] as const
  // returns have the numbers of purchases; two are of one purchase, and each of its own vehicle
  const bodyOf = (_: string, index: number) => ({
    ...{ vehicle_id: 1 + (index % 4), customer_id: 7, price_cents: 9_000, mileage_km: 1_000 + index },
    purchase_id: PURCHASES[index >= 4 && index < 8 ? index - 4 : index],
  })
  /** A vehicle that is taken back was held before, or unknown: the engine never asks for a released one. */
  const mayCome = (topic: string, return_id: string) => {
    const known = both.memory.rows(vehicleReturns).get(return_id)
    return !topic.endsWith('take_back') || known?.status === 'held' || known?.status === 'taken_back'
  }
  await drive(
    both,
    handlers,
    choose,
    bodyOf,
    async () => {
      const wanted = {
        vehicle_id: 1 + choose.int(4),
        transaction_id: choose.chance(95) ? choose.pick(PURCHASES) : null,
      }
      if (!choose.chance(6)) return
      const [real, twin] = await Promise.all(desks.map((desk) => desk.submit(wanted)))
      assert.deepEqual(typeof twin === 'string' ? twin : twin?.status, typeof real === 'string' ? real : real?.status)
    },
    mayCome,
  )
  await compare(both, vehicles, [
    'id',
    'status',
    'reserved_by',
    'sold_to_transaction',
    'pickup_code',
    'pickup_print',
    'return_id',
    'mileage_km',
    'revision',
  ])
  await compare(both, reservations, ['transaction_id', 'vehicle_id', 'customer_id', 'status', 'reason'])
  await compare(both, vehicleReturns, [
    'return_id',
    'purchase_id',
    'vehicle_id',
    'customer_id',
    'status',
    'reason',
    'abated_cents',
  ])
})

test('codes, payments, unmatched money, and expiry', async () => {
  const twin = await twinOf(payment, 'pagamento-service/charges/commands.ts')
  const twins = [
    await twinOf(expiry, 'pagamento-service/charges/expiry.ts'),
    await twinOf(receipts, 'pagamento-service/receipts/receipts.ts'),
  ] as const
  const both = await sides('pagamento-service')
  const commandsOf = ({ paymentCommands }: typeof payment) => {
    let made = 0
    const newCode = () => `code${++made}`
    return paymentCommands({ clock, provider: simulatedProvider, newCode, timeToLiveMs: 60_000, onExpiry: () => {} })
  }
  const choose = random(3)
  const charges = PURCHASES.map((_, index) => ({
    ...{ customer_id: 7, vehicle_id: 3, amount_cents: 9_000 + choose.pick([0, 0, 13, 17, 19]) },
    payment_type: (['pix', 'cash', 'credit', 'counter'] as const)[index % 4],
    claim_id: 1 + index,
  }))
  const bodyOf = (topic: string, index: number) => {
    const payment_code = both.memory.rows(codes).get(PURCHASES[index] ?? '')?.code ?? 'none'
    if (topic.endsWith('process')) return { payment_code }
    if (topic.endsWith('return') || topic.endsWith('owe'))
      return {
        ...charges[index],
        purchase_id: PURCHASES[index],
        step: choose.pick(['CREDIT_RETURN', 'PAYMENT_RETURN']),
      }
    return topic.endsWith('refund') ? { ...charges[index], resumptions: choose.int(2) } : (charges[index] ?? {})
  }
  await drive(both, [commandsOf(payment), commandsOf(twin)], choose, bodyOf, async () => {
    clock.at += choose.int(9_000)
    const known = choose.pick([...both.memory.rows(codes).values(), undefined])
    const amount_cents = choose.chance(70) ? (known?.amount_cents ?? 9_000) : 1_000
    const name = known?.code ?? 'nobodyscode'
    const receipt = { name, amount_cents, end_to_end_id: `E${choose.int(40)}`, paid_at: clock.now() }
    if (choose.chance(30)) {
      await both.works[0]((tx, send) => receipts.takeReceipts(tx, send, [receipt], clock.now()))
      await both.works[1]((tx, send) => twins[1].takeReceipts(tx, send, [receipt], clock.now()))
    }
    if (!choose.chance(30)) return
    const next = await expiry.expireCodes(both.database, both.works[0], clock)
    assert.deepEqual(await twins[0].expireCodes(both.memory, both.works[1], clock), next)
  })
  await compare(both, codes, ['transaction_id', 'code', 'status', 'reason', 'amount_cents', 'expires_at'])
  await compare(both, payments, [
    'transaction_id',
    'status',
    'payment_method',
    'end_to_end_id',
    'refund_due_at',
    'refund_failures',
    'return_id',
  ])
  await compare(both, owedItems, ['transaction_id', 'return_id', 'amount_cents', 'reason', 'status'])
  await compare(both, unmatched, ['reason', 'status', 'end_to_end_id', 'amount_cents', 'transaction_id'])
})

/** Gives both sides the same batches, in which purchases and even messages come twice. `between` two of them anything may happen. */
async function drive(
  { works, sent }: Awaited<ReturnType<typeof sides>>,
  [real, twin]: readonly [readonly MessageHandler[], readonly MessageHandler[]],
  choose: ReturnType<typeof random>,
  bodyOf: (topic: string, purchase: number) => object,
  between: () => Promise<void> = async () => {},
  mayCome: (topic: string, transaction_id: string) => boolean = () => true,
): Promise<void> {
  for (let number = 0; number < BATCHES; number++) {
    const which = choose.int(real.length)
    const { contract } = real[which] as MessageHandler
    const batch = Array.from({ length: 1 + choose.int(4) }, (): Message => {
      const index = choose.int(PURCHASES.length)
      return messageOf(
        contract as MessageContract,
        PURCHASES[index] ?? '',
        fitting(contract, bodyOf(contract.topic, index)),
      )
    }).filter(({ transaction_id }) => mayCome(contract.topic, transaction_id))
    if (batch.length === 0) continue
    await works[0]((tx, send) => (real[which] as MessageHandler).handle(tx, batch, send))
    await works[1]((tx, send) => (twin[which] as MessageHandler).handle(tx, batch, send))
    await between()
    assert.deepEqual(said(sent[1]).map(withoutId), said(sent[0]).map(withoutId), `batch ${number}: ${contract.topic}`)
  }
  assert.ok(sent[0].length > BATCHES)
}

/** Ids of payments count up in each database by themselves. */
const withoutId = (one: ReturnType<typeof said>[number]) => JSON.stringify(one).replace(/"payment_id":\d+/, '')

/** The known facts of a purchase that the contract names. */
function fitting({ body }: MessageContract, all: object): object {
  const named = Object.keys('properties' in body ? (body.properties as object) : {})
  return Object.fromEntries(Object.entries(all).filter(([key]) => named.includes(key)))
}

/** The catalogue: kept from messages that come late, repeated and in any order, and shown to each customer. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  type BodyOf,
  type Message,
  type MessageContract,
  purchaseCompleted,
  vehicleListingChanged,
  vehicleReleased,
  vehicleReserved,
} from '#contracts'
import { systemIds } from '#platform/clock'
import { messageOf } from '../../../tests/fixtures/database.ts'
import { customersApp } from '../http/http.suite.ts'
import { catalogueEvents } from './events.ts'

const { call, database, register, unitOfWork } = await customersApp()
const rich = (await register({ initial_balance: 900_000, credit_limit: 500 })).id

type Event = Message<unknown>

const event = <Contract extends MessageContract>(contract: Contract, body: BodyOf<Contract>) =>
  messageOf(contract, systemIds.uuid(), body)

const listed = (vehicle_id: number, revision: number, told: Partial<BodyOf<typeof vehicleListingChanged>> = {}) =>
  event(vehicleListingChanged, {
    vehicle_id,
    revision,
    status: 'available',
    brand: 'Fiat',
    model: 'Strada',
    year: 2023,
    color: 'Branco',
    price_cents: 7_500_000,
    ...told,
  })
const reserved = (vehicle_id: number, revision?: number) =>
  event(vehicleReserved, { vehicle_id, ...(revision !== undefined && { revision }) })
const released = (vehicle_id: number, revision?: number) =>
  event(vehicleReleased, { vehicle_id, ...(revision !== undefined && { revision }) })
const completed = (vehicle_id: number, customer_id: number, amount_cents: number) =>
  event(purchaseCompleted, { vehicle_id, customer_id, amount_cents, payment_type: 'cash' })

/** One batch of one subscription. */
async function deliver(...events: readonly Event[]) {
  const receiver = catalogueEvents.find(({ contract }) => contract.topic === events[0]?.type)
  assert.ok(receiver)
  await unitOfWork((tx, send) => receiver.handle(tx, events, send))
}

let vehicles = 0
const aVehicle = () => {
  vehicles += 1
  return vehicles
}

interface Seen {
  readonly vehicle_id: number
  readonly price: number
}

async function listOf(customer: number, query = ''): Promise<Seen[]> {
  const { status, body } = await call('GET', `/customers/${customer}/vehicles?limit=100${query}`)
  assert.equal(status, 200, JSON.stringify(body))
  return body.vehicles
}

const shown = async (vehicle: number, customer = rich, query = '') =>
  (await listOf(customer, query)).find(({ vehicle_id }) => vehicle_id === vehicle)
const bought = (vehicle: number, customer = rich) => shown(vehicle, customer, '&status_filter=sold')

test('shows what is on sale, and which money of the customer would pay for it', async () => {
  const vehicle = aVehicle()
  await deliver(listed(vehicle, 1))
  const offer = {
    vehicle_id: vehicle,
    status: 'available',
    brand: 'Fiat',
    model: 'Strada',
    year: 2023,
    color: 'Branco',
    price: 75_000,
  }
  const exact = (await register({ initial_balance: 75_000, credit_limit: 74_999.99 })).id
  const indebted = (await register({ initial_balance: 74_999.99, credit_limit: 75_000 })).id
  assert.deepEqual(await shown(vehicle, exact), { ...offer, affordable: { cash: true, credit: false } })
  assert.deepEqual(await shown(vehicle, indebted), { ...offer, affordable: { cash: false, credit: true } })
  await call('POST', `/customers/${exact}/block`, { reason: 'under review' })
  assert.deepEqual(await shown(vehicle, exact), { ...offer, affordable: { cash: false, credit: false } })
})

test('a vehicle leaves the list when it is reserved or withdrawn, and comes back when it is released or relisted', async () => {
  const vehicle = aVehicle()
  await deliver(listed(vehicle, 1))
  await deliver(reserved(vehicle, 2))
  assert.equal(await shown(vehicle), undefined)
  await deliver(released(vehicle, 3))
  assert.ok(await shown(vehicle))
  await deliver(listed(vehicle, 4, { status: 'withdrawn' }))
  assert.equal(await shown(vehicle), undefined)
  await deliver(listed(vehicle, 5, { price_cents: 100 }))
  assert.equal((await shown(vehicle))?.price, 1)
  await deliver(listed(vehicle, 6, { status: 'sold' }))
  assert.equal(await shown(vehicle), undefined)
  assert.equal(await bought(vehicle), undefined, 'sold by hand: to none of our customers')
})

test('late or repeated news does not undo newer news', async () => {
  const vehicle = aVehicle()
  await deliver(listed(vehicle, 1), listed(vehicle, 3, { price_cents: 300 }), listed(vehicle, 2, { price_cents: 200 }))
  assert.equal((await shown(vehicle))?.price, 3)
  await deliver(listed(vehicle, 2, { price_cents: 200, status: 'withdrawn' }))
  assert.equal((await shown(vehicle))?.price, 3)
  await deliver(reserved(vehicle, 4))
  await deliver(released(vehicle, 5))
  await deliver(reserved(vehicle, 4))
  assert.ok(await shown(vehicle))
  await deliver(reserved(vehicle))
  await deliver(reserved(vehicle, 6))
  await deliver(released(vehicle))
  assert.equal(await shown(vehicle), undefined, 'a repeated answer without a revision changes nothing')
})

test('a reservation that is told before the vehicle itself is not lost', async () => {
  const vehicle = aVehicle()
  await deliver(reserved(vehicle, 2))
  assert.equal(await shown(vehicle), undefined)
  await deliver(listed(vehicle, 1, { price_cents: 100 }))
  assert.equal(await shown(vehicle), undefined)
  await deliver(released(vehicle, 3))
  assert.equal((await shown(vehicle))?.price, 1)
  const other = aVehicle()
  await deliver(released(other, 3))
  assert.equal(await shown(other), undefined, 'available, but nobody knows what it is')
  await deliver(listed(other, 1))
  assert.ok(await shown(other))
})

test('a completed purchase makes the vehicle its buyer’s for good', async () => {
  const vehicle = aVehicle()
  const sale = completed(vehicle, rich, 7_400_000)
  await deliver(sale, sale)
  const unknown = { brand: null, model: null, year: null, color: null }
  const mine = {
    vehicle_id: vehicle,
    status: 'sold',
    price: 74_000,
    transaction_id: sale.transaction_id,
    bought_at: sale.occurred_at,
  }
  assert.deepEqual(await bought(vehicle), { ...mine, ...unknown })
  await deliver(listed(vehicle, 1))
  const known = { ...mine, brand: 'Fiat', model: 'Strada', year: 2023, color: 'Branco' }
  assert.deepEqual(await bought(vehicle), known)
  await deliver(reserved(vehicle, 2))
  await deliver(released(vehicle, 9))
  await deliver(completed(vehicle, (await register()).id, 1))
  await deliver(sale)
  assert.deepEqual(await bought(vehicle), known)
  assert.equal(await shown(vehicle), undefined)
  assert.equal(await bought(vehicle, (await register()).id), undefined, 'others do not see it as theirs')
})

test('pages by price in both directions, without a gap or a repetition, equal prices too', async () => {
  const buyer = (await register()).id
  const mine = Array.from({ length: 7 }, aVehicle)
  await deliver(...mine.map((vehicle, n) => listed(vehicle, 1, { price_cents: 1_011 + (n % 3) * 101 })))
  const sales = mine.slice(0, 4).map((vehicle, n) => completed(vehicle, buyer, 1_010 + (n % 2)))
  for (const status_filter of ['available', 'sold']) {
    if (status_filter === 'sold') await deliver(...sales)
    for (const sort_by of ['price_asc', 'price_desc']) {
      const path = `/customers/${buyer}/vehicles?status_filter=${status_filter}&sort_by=${sort_by}`
      const seen: Seen[] = []
      let cursor = ''
      do {
        const { body } = await call('GET', `${path}&limit=2${cursor && `&cursor=${cursor}`}`)
        seen.push(...body.vehicles)
        cursor = body.next_cursor
        if (!cursor) assert.equal(body.total, seen.length)
      } while (cursor)
      const direction = sort_by === 'price_asc' ? 1 : -1
      const inOrder = seen.toSorted((a, b) => direction * (a.price - b.price || a.vehicle_id - b.vehicle_id))
      assert.deepEqual(seen, inOrder)
      const expected = status_filter === 'sold' ? mine.slice(0, 4) : mine
      const ids = seen.map(({ vehicle_id }) => vehicle_id)
      assert.equal(new Set(ids).size, ids.length)
      assert.deepEqual(
        ids.filter((id) => mine.includes(id)).sort((a, b) => a - b),
        expected,
      )
    }
  }
})

test('answers 404 for an unknown customer, and refuses a wrong filter, order or cursor', async () => {
  const nobody = await call('GET', '/customers/424242/vehicles')
  assert.deepEqual([nobody.status, nobody.body.detail], [404, 'Customer not found'])
  for (const query of ['status_filter=reserved', 'sort_by=year_desc', 'cursor=MQ', 'cursor=MS4yLjM', 'limit=0']) {
    assert.equal((await call('GET', `/customers/${rich}/vehicles?${query}`)).status, 422, query)
  }
})

const steps = fc.array(fc.constantFrom('listed', 'withdrawn', 'reserved', 'released'), { minLength: 1, maxLength: 8 })

test('ends the same whatever the order, the batches and the number of copies of the messages', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(steps, { minLength: 3, maxLength: 3 }),
      fc.boolean(),
      fc.infiniteStream(fc.nat()),
      async (histories, isSold, dice) => {
        const told: Event[] = []
        const expected = histories.map((history) => {
          const vehicle_id = aVehicle()
          let facts: number | null = null
          history.forEach((what, index) => {
            const revision = index + 1
            const isListing = what === 'listed' || what === 'withdrawn'
            if (isListing) facts = revision
            const status = what === 'withdrawn' ? 'withdrawn' : 'available'
            if (isListing) told.push(listed(vehicle_id, revision, { status, price_cents: revision }))
            else told.push(what === 'reserved' ? reserved(vehicle_id, revision) : released(vehicle_id, revision))
          })
          const last = history.at(-1)
          const status = last === 'listed' || last === 'released' ? 'available' : last
          return { vehicle_id, status: isSold ? 'sold' : status, price_cents: facts, paid_cents: isSold ? 7 : null }
        })
        if (isSold) told.push(...expected.map(({ vehicle_id }) => completed(vehicle_id, rich, 7)))
        const roll = () => dice.next().value as number
        const again = [...told, ...told.filter(() => roll() % 2)]
        const shuffled = again.map((one) => ({ one, at: roll() })).sort((a, b) => a.at - b.at)
        const batches: Event[][] = []
        for (const { one } of shuffled) {
          const batch = batches.at(-1)
          if (batch?.[0]?.type === one.type && roll() % 4) batch.push(one)
          else batches.push([one])
        }
        // four subscriptions at once, each batch by batch
        const topics = Map.groupBy(batches, ([first]) => first?.type)
        await Promise.all(
          [...topics.values()].map(async (queue) => {
            for (const batch of queue) await deliver(...batch)
          }),
        )
        const kept = await database.query(
          `select vehicle_id, status, price_cents, paid_cents from vehicle_catalogue
           where vehicle_id = any($1::bigint[]) order by vehicle_id`,
          [expected.map(({ vehicle_id }) => vehicle_id)],
        )
        assert.deepEqual(kept, expected)
      },
    ),
    { numRuns: 60 },
  )
})

/** A flood: thousands of clients buy at the same moment. Accepted ones are served to the end, the others are refused at once. */
import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { isLarge } from '../fixtures/size.ts'
import {
  buy,
  CLIENTE,
  customerOf,
  customerWith,
  ORQUESTRADOR,
  settled,
  startSystem,
  until,
  vehicleAt,
  vehicleOf,
} from '../fixtures/system.ts'
import type { Flood, FloodAnswer } from './flood.ts'

const CLIENTS = isLarge ? 5_000 : 1_500
const BUYERS = CLIENTS / 10
const PRICE = 1_000

/** Fewer than by default, so that however fast the machine is, some are turned away. */
const api = await startSystem({ MAX_REQUESTS_IN_FLIGHT: '500' })

test('a flood of purchases ends no process and loses none, and afterwards all is as quick as before', async () => {
  const buyers = await inTurns(BUYERS, () => customerWith(api, { initial_balance: (PRICE * CLIENTS) / BUYERS }))
  const vehicles = await inTurns(CLIENTS, () => vehicleAt(api, PRICE))
  const spare = await customerWith(api, { initial_balance: 1_000_000 })
  const before = await typicalLatency(spare)

  const orders = vehicles.map((vehicle_id, index) => ({
    customer_id: buyers[index % BUYERS],
    vehicle_id,
    payment_type: 'cash',
  }))
  const { authorization } = await api.as({ role: 'admin' })
  const answers = await flood({ url: api.system.addressOf(ORQUESTRADOR), orders, authorization })
  assert.equal(answers.length, CLIENTS)
  const accepted = answers.filter(({ status }) => status === 202)
  const turnedAway = answers.filter(({ status }) => status !== 202)
  for (const { status, retry_after, fault } of turnedAway) {
    assert.ok(status === 503 || status === 429, `${status} ${fault}`)
    assert.match(retry_after ?? '', /^[1-9]\d*$/)
  }
  assert.ok(accepted.length >= 500, `only ${accepted.length} were taken in`)
  assert.ok(turnedAway.length > 0, 'nobody was turned away')

  const ended = await until('every purchase has ended', async () => {
    const states = await statesOf(new Set(accepted.map(({ transaction_id }) => transaction_id)))
    return states.every(({ status }) => status === 'COMPLETED') && states
  })
  assert.equal(ended.length, accepted.length)
  const sold = new Set(ended.map(({ vehicle_id }) => vehicle_id))
  assert.equal(sold.size, ended.length)
  const spent = Map.groupBy(ended, ({ customer_id }) => customer_id)
  await inTurns(BUYERS, async (index) => {
    const buyer = buyers[index] as number
    const left = (PRICE * CLIENTS) / BUYERS - PRICE * (spent.get(buyer)?.length ?? 0)
    assert.equal((await customerOf(api, buyer)).account_balance, left)
  })
  await inTurns(100, async (index) => {
    const vehicle = vehicles[Math.floor((index * CLIENTS) / 100)] as number
    assert.equal((await vehicleOf(api, vehicle)).status, sold.has(vehicle) ? 'sold' : 'available')
  })

  const after = await typicalLatency(spare)
  assert.ok(after < 3 * before + 100, `a purchase took ${before} ms before the flood and takes ${after} ms after it`)
  const { body } = await api.call(CLIENTE, 'GET', '/dead-letters')
  assert.equal(body.total, 0)
})

interface State {
  readonly transaction_id: string
  readonly status: string
  readonly customer_id: number
  readonly vehicle_id: number
}

/** Those of these purchases that the orquestrador knows. */
async function statesOf(wanted: ReadonlySet<string | undefined>): Promise<State[]> {
  const states: State[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body } = await api.call(ORQUESTRADOR, 'GET', `/saga-states?limit=100${cursor && `&cursor=${cursor}`}`)
    states.push(...body.sagas.filter(({ transaction_id }: State) => wanted.has(transaction_id)))
    cursor = body.next_cursor
  }
  return states
}

/** Milliseconds from the order to the end of a purchase: the median of nine. */
async function typicalLatency(customer: number): Promise<number> {
  const took: number[] = []
  for (let count = 0; count < 9; count += 1) {
    const vehicle = await vehicleAt(api, PRICE)
    const begun = performance.now()
    await settled(api, await buy(api, customer, vehicle))
    took.push(performance.now() - begun)
  }
  return took.sort((one, other) => one - other)[4] as number
}

async function flood(what: Flood): Promise<FloodAnswer[]> {
  const clients = fork(new URL('./flood.ts', import.meta.url), { execArgv: [] })
  clients.send(what)
  const [answers] = await once(clients, 'message')
  clients.disconnect()
  return answers as FloodAnswer[]
}

/** 32 at a time; a client whose number is already taken tries again. */
async function inTurns<T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = []
  let next = 0
  async function take() {
    for (let index = next++; index < count; index = next++) results[index] = await work(index).catch(() => work(index))
  }
  await Promise.all(Array.from({ length: 32 }, take))
  return results
}

/** The rules after purchases at one price, whatever happened meanwhile: every purchase is over, and no effect was done twice. */
import assert from 'node:assert/strict'
import {
  type Api,
  customerOf,
  customerWith,
  ORQUESTRADOR,
  PAGAMENTO,
  settled,
  until,
  vehicleAt,
  vehicleOf,
} from '../fixtures/system.ts'

const PRICE = 1_000

export interface Market {
  readonly buyers: readonly number[]
  readonly vehicles: readonly number[]
}

/** Each buyer has the money for `each` vehicles. */
export async function openMarket(api: Api, buyers: number, each: number): Promise<Market & { money: number }> {
  const money = each * PRICE
  const made = await Promise.all([
    Promise.all(Array.from({ length: buyers }, () => customerWith(api, { initial_balance: money }))),
    Promise.all(Array.from({ length: buyers * each }, () => vehicleAt(api, PRICE))),
  ])
  return { buyers: made[0], vehicles: made[1], money }
}

/** Asks until the purchase is accepted; undefined when it is refused: an earlier try whose answer was lost had started it. */
export async function order(api: Api, market: Market, index: number): Promise<string | undefined> {
  const vehicle_id = market.vehicles[index]
  const customer_id = market.buyers[index % market.buyers.length]
  const body = { customer_id, vehicle_id, payment_type: 'cash' }
  let last = 'no answer'
  const ask = async () => {
    const answer = await api.call(ORQUESTRADOR, 'POST', '/purchase', body).catch(() => undefined)
    if (answer) last = `${answer.status} ${JSON.stringify(answer.body)}`
    return answer && answer.status < 500 ? answer : undefined
  }
  const answer = await until(`purchase ${index} has its answer`, ask).catch(({ message }) => {
    throw new Error(`${message}; the last was ${last}`)
  })
  return answer.status === 202 ? answer.body.transaction_id : undefined
}

/** Waits until all are over, checks every balance, vehicle and payment, and returns how many were completed. */
export async function balanceBooks(
  api: Api,
  market: Market & { money: number },
  patience_ms?: number,
): Promise<number> {
  const known = await allSagas(api)
  const sagas = await Promise.all(known.map((transaction) => settled(api, transaction, patience_ms)))
  for (const { status } of sagas)
    assert.ok(['COMPLETED', 'FAILED', 'FAILED_COMPENSATED'].includes(status), `a purchase is ${status}`)
  const completed = sagas.filter(({ status }) => status === 'COMPLETED')
  for (const buyer of market.buyers) {
    const bought = completed.filter(({ customer_id }) => customer_id === buyer).length
    const { account_balance } = await customerOf(api, buyer)
    assert.equal(account_balance, market.money - bought * PRICE)
  }
  const sold = new Set(completed.map(({ vehicle_id }) => vehicle_id))
  assert.equal(sold.size, completed.length, 'no vehicle is sold twice')
  for (const vehicle of market.vehicles)
    assert.equal((await vehicleOf(api, vehicle)).status, sold.has(vehicle) ? 'sold' : 'available')
  for (const { transaction_id } of completed) {
    const { body } = await api.call(PAGAMENTO, 'GET', `/payments?transaction_id=${transaction_id}`)
    assert.deepEqual(
      body.map(({ status }: { status: string }) => status),
      ['completed'],
    )
  }
  return completed.length
}

async function allSagas(api: Api): Promise<string[]> {
  const found: string[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body } = await api.call(ORQUESTRADOR, 'GET', `/saga-states?limit=100${cursor && `&cursor=${cursor}`}`)
    found.push(...body.sagas.map(({ transaction_id }: { transaction_id: string }) => transaction_id))
    cursor = body.next_cursor
  }
  return found
}

/** The acts that anybody may do in the shop, one request each: sent to the real system, done to the model, and compared. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { generateCpf } from '@brazilian-utils/brazilian-utils'
import fc from 'fast-check'
import { askReturn, receive, returned } from '../fixtures/returns.ts'
import {
  type Api,
  CLIENTE,
  customerOf,
  ORQUESTRADOR,
  PAGAMENTO,
  sagaOf,
  settled,
  until,
  VEICULO,
  vehicleAt,
  vehicleOf,
} from '../fixtures/system.ts'
import { payAtCounter, sameMoney, strikeAtCounter } from './counter.ts'
import { type Buyer, type Car, type Deal, hasWaiting, isWaiting, type Model, mayBuy, onSale } from './model.ts'

export interface Real {
  readonly api: Api
  /** Of all cars of this run, and of no others. */
  readonly brand: string
  /** How often each command was run. */
  readonly tally: Map<string, number>
}

type Command = fc.AsyncCommand<Model, Real>

const PRICES = [1_000, 1_500.5, 2_000]
/** Picks one of the existing things, whatever their number. */
const which = fc.nat(999)
const at = <Thing>(things: readonly Thing[], index: number) => things[index % things.length] as Thing

function command(
  name: string,
  run: (model: Model, real: Real) => Promise<void>,
  needs: (model: Model) => boolean = () => true,
): Command {
  return {
    check: needs,
    async run(model, real) {
      count(real.tally, name)
      await run(model, real)
    },
    toString: () => name,
  }
}

const count = (tally: Map<string, number>, name: string) => tally.set(name, (tally.get(name) ?? 0) + 1)

const hasDeals = ({ deals }: Model) => deals.length > 0
const hasBoth = ({ buyers, cars }: Model) => buyers.length > 0 && cars.length > 0

const register = fc.constantFrom(0, 1_200, 5_000).map((balance) =>
  command('register', async ({ buyers }, { api }) => {
    const person = {
      ...{ name: 'Ana Souza', email: `ana-${randomUUID()}@example.com`, phone: '(11) 98765-4321' },
      ...{ document: generateCpf(), initial_balance: balance },
    }
    const key = { 'idempotency-key': randomUUID() }
    const first = await api.call(CLIENTE, 'POST', '/customers', person, key)
    const again = await api.call(CLIENTE, 'POST', '/customers', person, key)
    assert.deepEqual([first.status, again.status, again.body.id], [201, 201, first.body.id], 'a key has one effect')
    buyers.push({ id: first.body.id, balance, isGone: false })
  }),
)

const offer = fc.constantFrom(...PRICES).map((price) =>
  command('offer', async ({ cars }, { api, brand }) => {
    cars.push({ id: await vehicleAt(api, price, { brand }), price, status: 'available' })
  }),
)

const edit = fc.tuple(which, fc.constantFrom(...PRICES)).map(([index, price]) =>
  command(
    'edit',
    async ({ cars }, { api }) => {
      const car = at(cars.filter(isInShop), index)
      const mayEdit = car.status === 'available'
      const { status } = await api.call(VEICULO, 'PUT', `/vehicles/${car.id}`, { price })
      assert.equal(status, mayEdit ? 200 : 400, `a car that is ${car.status}`)
      if (mayEdit) car.price = price
      await sameCar(api, car)
    },
    ({ cars }) => cars.some(isInShop),
  ),
)

const list = fc.constant(
  command('list', async (model, { api, brand }) => {
    const { body } = await api.call(VEICULO, 'GET', `/vehicles?status_filter=available&brand=${brand}&limit=100`)
    assert.deepEqual(
      body.vehicles.map(({ id, price }: Car) => [id, price]),
      onSale(model).map(({ id, price }) => [id, price]),
    )
  }),
)

const buy = fc
  .tuple(which, which, fc.constantFrom('cash' as const, 'pix' as const, 'counter' as const))
  .map(([who, what, payment_type]) =>
    command(
      `buy by ${payment_type}`,
      async (model, { api }) => {
        const [buyer, car] = [at(model.buyers, who), at(model.cars, what)]
        const key = randomUUID()
        const { status, body } = await order(api, buyer, car, payment_type, key)
        if (!mayBuy(buyer, car, payment_type)) {
          assert.ok(status >= 400 && status < 500, `answered ${status} ${JSON.stringify(body)}`)
        } else {
          assert.equal(status, 202, JSON.stringify(body))
          const deal: Deal = {
            id: body.transaction_id,
            buyer,
            car,
            price: car.price,
            payment_type,
            key,
            state: 'waiting',
            parts: [],
          }
          model.deals.push(deal)
          if (payment_type === 'cash') await complete(api, deal)
          else await waits(api, deal)
        }
        await same(api, buyer, car)
      },
      hasBoth,
    ),
  )

const repeat = which.map((index) =>
  command(
    'repeat an order under its key',
    async ({ deals }, { api }) => {
      const { id, buyer, car, payment_type, key } = at(deals.filter(ofSomebody), index)
      const again = await order(api, buyer, car, payment_type, key)
      assert.deepEqual([again.status, again.body.transaction_id], [202, id])
      const other = await order(api, buyer, car, payment_type === 'pix' ? 'cash' : 'pix', key)
      assert.equal(other.status, 422, 'another order under the same key')
      await same(api, buyer, car)
    },
    ({ deals }) => deals.some(ofSomebody),
  ),
)

const pay = which.map((index) =>
  command(
    'pay',
    async ({ deals }, { api }) => {
      const deal = at(deals.filter(byPix), index)
      const { payment_code } = (await sagaOf(api, deal.id)).context
      const { status } = await api.call(PAGAMENTO, 'POST', '/payments', { payment_code })
      assert.equal(status, isWaiting(deal) ? 201 : 400, `a code of a purchase that is ${deal.state}`)
      if (isWaiting(deal)) await complete(api, deal)
      await same(api, deal.buyer, deal.car)
    },
    ({ deals }) => deals.some(byPix),
  ),
)

const payPart = fc
  .tuple(
    which,
    fc.constantFrom<number | 'rest' | 'more'>(300, 700.25, 'rest', 'more'),
    fc.constantFrom('banknotes' as const, 'pix' as const, 'financing' as const),
  )
  .map(([index, amount, method]) =>
    command(
      'pay a part',
      async ({ deals }, { api, tally }) => {
        const deal = at(deals.filter(atCounter), index)
        if (await payAtCounter(api, deal, amount, method)) {
          await complete(api, deal)
          count(tally, 'a sale in parts, to its end')
        }
        await same(api, deal.buyer, deal.car)
      },
      ({ deals }) => deals.some(atCounter),
    ),
  )

const strikePart = fc.tuple(which, which).map(([index, part]) =>
  command(
    'strike a part',
    async ({ deals }, { api }) => {
      const deal = at(deals.filter(hasParts), index)
      await strikeAtCounter(api, deal, at(deal.parts, part))
      await same(api, deal.buyer, deal.car)
    },
    ({ deals }) => deals.some(hasParts),
  ),
)

const cancel = which.map((index) =>
  command(
    'cancel',
    async ({ deals }, { api }) => {
      const deal = at(deals, index)
      const { status } = await api.call(ORQUESTRADOR, 'POST', `/purchase/${deal.id}/cancel`, {})
      assert.equal(status, isWaiting(deal) ? 200 : 400, `a purchase that is ${deal.state}`)
      if (isWaiting(deal)) {
        assert.equal((await settled(api, deal.id)).status, 'CANCELLED')
        deal.state = 'cancelled'
        deal.car.status = 'available'
      }
      await sameMoney(api, deal)
      await same(api, deal.buyer, deal.car)
    },
    hasDeals,
  ),
)

const giveBack = which.map((index) =>
  command(
    'return',
    async ({ deals }, { api, tally }) => {
      const deal = at(deals.filter(ofSomebody), index)
      if (deal.state === 'completed') {
        count(tally, `a return of what was paid by ${deal.payment_type}, to its end`)
        const { return_id } = await askReturn(api, deal.id)
        await receive(api, return_id)
        await returned(api, return_id)
        deal.state = 'returned'
        deal.car.status = 'withdrawn'
        if (deal.payment_type === 'cash') deal.buyer.balance += deal.price
      } else {
        const { status } = await api.call(ORQUESTRADOR, 'POST', `/purchase/${deal.id}/return`, { reason: 'regret' })
        assert.equal(status, 409, `a purchase that is ${deal.state}`)
      }
      await sameMoney(api, deal)
      await same(api, deal.buyer, deal.car)
      // a car that is back is rare in a short run, so half of them go on sale again at once
      if (deal.car.status === 'withdrawn' && index % 2 === 0) {
        count(tally, 'relist')
        await putBackOnSale(api, deal.car)
      }
    },
    ({ deals }) => deals.some(ofSomebody),
  ),
)

async function putBackOnSale(api: Api, car: Car): Promise<void> {
  assert.equal((await api.call(VEICULO, 'POST', `/vehicles/${car.id}/relist`)).status, 200)
  car.status = 'available'
  await sameCar(api, car)
}

const relist = which.map((index) =>
  command(
    'relist',
    async ({ cars }, { api }) => {
      await putBackOnSale(api, at(cars.filter(isWithdrawn), index))
    },
    ({ cars }) => cars.some(isWithdrawn),
  ),
)

const erase = which.map((index) =>
  command(
    'erase',
    async (model, { api }) => {
      const buyer = at(model.buyers, index)
      const ask = () => api.call(CLIENTE, 'DELETE', `/customers/${buyer.id}`)
      if (hasWaiting(model, buyer)) {
        assert.equal((await ask()).status, 409)
        return sameBuyer(api, buyer)
      }
      // a purchase that is over is told as over a moment later
      await until('nothing is under way any more', async () => (await ask()).status === 202)
      buyer.isGone = true
    },
    ({ buyers }) => buyers.length > 1,
  ),
)

/** Those that others build upon more often. */
export const anyCommand = [
  register,
  offer,
  offer,
  edit,
  list,
  buy,
  buy,
  buy,
  repeat,
  pay,
  pay,
  payPart,
  payPart,
  payPart,
  strikePart,
  cancel,
  giveBack,
  relist,
  erase,
]

export async function sameAsModel(api: Api, { buyers, cars }: Model): Promise<void> {
  for (const buyer of buyers) await sameBuyer(api, buyer)
  for (const car of cars) await sameCar(api, car)
}

const byPix = ({ payment_type, buyer }: Deal) => payment_type === 'pix' && !buyer.isGone
const atCounter = ({ payment_type, buyer }: Deal) => payment_type === 'counter' && !buyer.isGone
const hasParts = (deal: Deal) => atCounter(deal) && deal.parts.length > 0
const ofSomebody = ({ buyer }: Deal) => !buyer.isGone
const isInShop = ({ status }: Car) => status !== 'withdrawn'
const isWithdrawn = ({ status }: Car) => status === 'withdrawn'

const order = (api: Api, { id }: Buyer, car: Car, payment_type: string, key: string) =>
  api.call(
    ORQUESTRADOR,
    'POST',
    '/purchase',
    { customer_id: id, vehicle_id: car.id, payment_type },
    { 'idempotency-key': key },
  )

async function complete(api: Api, deal: Deal) {
  assert.equal((await settled(api, deal.id)).status, 'COMPLETED')
  deal.state = 'completed'
  deal.car.status = 'sold'
  if (deal.payment_type === 'cash') deal.buyer.balance -= deal.price
}

async function waits(api: Api, deal: Deal) {
  await until(
    'it waits for its payment',
    async () => (await sagaOf(api, deal.id)).current_step === 'PAYMENT_PROCESSING',
  )
  deal.car.status = 'reserved'
}

async function same(api: Api, buyer: Buyer, car: Car) {
  await sameBuyer(api, buyer)
  await sameCar(api, car)
}

async function sameBuyer(api: Api, { id, balance, isGone }: Buyer) {
  if (!isGone) assert.equal((await customerOf(api, id)).account_balance, balance, `the balance of customer ${id}`)
}

async function sameCar(api: Api, { id, status, price }: Car) {
  const found = await vehicleOf(api, id)
  assert.deepEqual([found.status, found.price], [status, price], `vehicle ${id}`)
}

/**
 * The load: buyers who register, find a vehicle, buy it in any way and do everything that buyers do. They ask again when an answer
 * is lost. Each answer is written down as a promise.
 */
import { createHmac, randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { generateCpf, generateLicensePlate, generateRenavam } from '@brazilian-utils/brazilian-utils'
import type { Random } from '../simulation/random.ts'
import { type Answer, type Client, NoAnswer, type Question } from './client.ts'
import type { Ground } from './ground.ts'
import type { Order, Promises } from './promises.ts'

const CUSTOMERS = 40
/** Cents of amounts, by which the simulated provider declines, issues nothing, refuses to refund, or reports a cancellation. */
const MAGIC = [13, 17, 19, 23]
const BASE_PRICE = 100_000
const RECENT = 12

export interface Shoppers {
  /** Begins with customers; resolves when they are there. */
  open(): Promise<void>
  /** `count` buyers go shopping, each with pauses, until told to stop. */
  shop(count: number): Promise<void>
  stop(): void
}

type Fate = 'leave' | 'pay' | 'webhook_paid' | 'webhook_cancelled' | 'cancel' | 'collect'

export function shoppers(ground: Ground, client: Client, promises: Promises, random: Random): Shoppers {
  const customers: number[] = []
  const recent: number[] = []
  let stopped = false

  async function open() {
    for (let made = 0; made < CUSTOMERS; made += 1) customers.push(await register(made % 8 === 0))
  }

  async function register(isPoor: boolean): Promise<number> {
    const reais = isPoor ? 1_500 : 10_000_000
    const { body } = await expect(201, {
      service: 'cliente-service',
      method: 'POST',
      path: '/customers',
      key: newKey(),
      body: {
        name: 'Ana Souza',
        email: `ana-${randomBytes(8).toString('hex')}@example.com`,
        phone: '(11) 98765-4321',
        document: generateCpf(),
        initial_balance: reais,
        credit_limit: reais,
      },
    })
    promises.customers.set(body.id, { balance_cents: reais * 100, limit_cents: reais * 100 })
    return body.id
  }

  async function listVehicle(): Promise<number> {
    const price_cents = BASE_PRICE + (random.chance(15) ? random.pick(MAGIC) : 0)
    const { body } = await expect(201, {
      service: 'veiculo-service',
      method: 'POST',
      path: '/vehicles',
      key: newKey(),
      body: {
        brand: 'Fiat',
        model: 'Strada',
        year: 2023,
        color: 'Branco',
        price: price_cents / 100,
        license_plate: generateLicensePlate('LLLNLNN'),
        chassi_number: `9BD${randomBytes(7).toString('hex').toUpperCase()}`,
        renavam: generateRenavam(),
      },
    })
    promises.vehicles.set(body.id, price_cents)
    recent.push(body.id)
    if (recent.length > RECENT) recent.shift()
    return body.id
  }

  /** Some want what another has just seen. */
  const findVehicle = async () => (recent.length > 0 && random.chance(15) ? random.pick(recent) : await listVehicle())

  async function buyOne() {
    const vehicle_id = await findVehicle()
    const order: Order = {
      key: newKey(),
      customer_id: random.pick(customers),
      vehicle_id,
      payment_type: random.pick(['cash', 'credit', 'pix']),
    }
    const { key, ...body } = order
    const path = '/purchase'
    const answer = await client.ask({ service: 'orquestrador', method: 'POST', path, key, body })
    if (answer.status === 202) promises.accepted.set(answer.body.transaction_id, order)
    else return refuse(answer)
    await follow(answer.body.transaction_id, order)
  }

  function refuse({ status, body }: Answer) {
    const words = `${status} ${body?.detail}`
    promises.refused.set(words, (promises.refused.get(words) ?? 0) + 1)
    if (status !== 400) promises.strange.push(`POST /purchase ${words}`)
  }

  function fateOf({ payment_type, vehicle_id }: Order): Fate {
    if (random.chance(12)) return 'cancel'
    if (payment_type !== 'pix') return random.chance(30) ? 'collect' : 'leave'
    if ((promises.vehicles.get(vehicle_id) ?? 0) % 100 === 23) return 'webhook_cancelled'
    return random.pick(['pay', 'pay', 'pay', 'pay', 'webhook_paid', 'webhook_paid', 'webhook_cancelled', 'leave'])
  }

  async function follow(transaction_id: string, order: Order) {
    const fate = fateOf(order)
    if (fate === 'leave') return
    if (fate === 'cancel') return cancel(transaction_id)
    const saga = await sagaWhen(transaction_id, order, fate === 'collect' ? 'pickup_code' : 'payment_code')
    if (!saga) return
    if (fate === 'collect') return collect(order, saga.pickup_code)
    if (fate === 'pay') return pay(transaction_id, saga.payment_code)
    return tellByWebhook(saga.payment_code, fate === 'webhook_paid' ? 'paid' : 'cancelled')
  }

  async function cancel(transaction_id: string) {
    await pause(random.int(400))
    const path = `/purchase/${transaction_id}/cancel`
    const { status } = await client.ask({ service: 'orquestrador', method: 'POST', path, body: {} })
    if (status === 200) promises.cancelled.add(transaction_id)
    else if (status !== 400 && status !== 409) promises.strange.push(`POST ${path} ${status}`)
  }

  async function pay(transaction_id: string, payment_code: string) {
    const question = { service: 'pagamento-service', method: 'POST', path: '/payments', body: { payment_code } }
    const { status, body } = await client.ask({ ...question, key: newKey() })
    // one that is declined is a payment, too: a failed one
    if (status === 201 && body.status === 'completed') promises.paid.add(transaction_id)
    else if (status !== 201 && status !== 400) promises.strange.push(`POST /payments ${status} ${body?.detail}`)
  }

  async function tellByWebhook(payment_code: string, status: 'paid' | 'cancelled') {
    const answer = await client.ask({
      service: 'pagamento-service',
      method: 'POST',
      path: '/webhooks/payments',
      body: { payment_code, status },
      signed: (content) => ({ 'x-signature': signature(content, ground.webhookSecret) }),
    })
    if (answer.status !== 204) promises.strange.push(`POST /webhooks/payments ${answer.status} ${answer.body?.detail}`)
  }

  async function collect({ vehicle_id }: Order, pickup_code: string) {
    const path = `/vehicles/${vehicle_id}/pickup`
    const body = { pickup_code, received_by: 'Ana Souza' }
    const { status } = await client.ask({ service: 'veiculo-service', method: 'POST', path, body })
    // 409: the answer to an earlier try was lost
    if (status === 200 || status === 409) promises.pickedUp.add(vehicle_id)
    else promises.strange.push(`POST ${path} ${status}`)
  }

  /** The saga's context as its buyer sees it, once it has the awaited field; undefined when that will not come. */
  async function sagaWhen(transaction_id: string, { customer_id }: Order, field: 'pickup_code' | 'payment_code') {
    const headers = await ground.as({ role: 'customer', customer_id })
    const path = `/saga-states/${transaction_id}`
    for (let asked = 0; asked < 60 && !stopped; asked += 1) {
      const { status, body } = await client.ask({ service: 'orquestrador', method: 'GET', path, headers })
      if (status !== 200) {
        promises.strange.push(`GET ${path} ${status}, though it was accepted`)
        return undefined
      }
      if (body.context[field]) return body.context as { pickup_code: string; payment_code: string }
      if (!['STARTED', 'IN_PROGRESS'].includes(body.status)) return undefined
      await pause(300)
    }
    return undefined
  }

  async function expect(status: number, question: Question): Promise<Answer> {
    const answer = await client.ask(question)
    if (answer.status !== status)
      throw new Error(`${question.method} ${question.path} ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer
  }

  async function goShopping() {
    while (!stopped) {
      try {
        await buyOne()
      } catch (error) {
        if (!(error instanceof NoAnswer)) promises.strange.push(String(error))
        else promises.strange.push(error.message)
      }
      await pause(100 + random.int(700))
    }
  }

  return {
    open,
    async shop(count) {
      await Promise.all(Array.from({ length: count }, goShopping))
    },
    stop() {
      stopped = true
    },
  }
}

const newKey = () => randomBytes(12).toString('hex')

function signature(content: string, secret: string): string {
  const t = Math.floor(Date.now() / 1_000)
  return `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${content}`).digest('hex')}`
}

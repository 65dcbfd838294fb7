/** When another service is down, slow to start, or answers nonsense, a person gets no copy at all. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, test } from 'node:test'
import { Problem } from '#platform/problem'
import { peers } from './peers.ts'

const whole: Readonly<Record<string, object>> = {
  'veiculo-service': { reservations: [], vehicles_bought: [], accesses: [] },
  'pagamento-service': { payment_codes: [], payments: [], unmatched_payments: [], owed_items: [], shared_with: [] },
  orquestrador: { purchases: [], returns: [], shared_with: [] },
  'identidade-service': { accounts: [] },
}
const answers = new Map<string, { status: number; body: string }>()
const asked: string[] = []
const server = createServer((request, response) => {
  const service = request.url?.split('/')[1] ?? ''
  asked.push(`${service} ${request.headers.authorization}`)
  const { status, body } = answers.get(service) ?? { status: 200, body: JSON.stringify(whole[service]) }
  response.writeHead(status, { 'content-type': 'application/json' }).end(body)
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const { port } = server.address() as { port: number }
const gone = new Set<string>()
const others = peers(
  (service) => (gone.has(service) ? 'http://127.0.0.1:1' : `http://127.0.0.1:${port}/${service}`),
  async () => 'a.service.token',
)
after(async () => {
  await others[Symbol.asyncDispose]()
  server.close()
})

test('all services are asked with a token of this service', async () => {
  const { vehicles, payments, purchases, sign_in } = await others.heldAbout(7)
  assert.deepEqual([vehicles, payments, purchases, sign_in], Object.values(whole))
  assert.deepEqual(
    asked.sort(),
    Object.keys(whole)
      .map((service) => `${service} Bearer a.service.token`)
      .sort(),
  )
})

test('a service that refuses, answers in part, answers nonsense or is away makes the whole copy unavailable', async () => {
  const isUnavailable = (error: unknown) =>
    error instanceof Problem && error.problem === 'unavailable' && error.extensions.retry_after === 5
  for (const service of Object.keys(whole)) {
    for (const [status, body] of [
      [500, '{}'],
      [403, JSON.stringify(whole[service])],
      [200, '{"shared_with":[]'],
      [200, '{"shared_with":[]}'],
      [200, '[]'],
    ] as const) {
      answers.set(service, { status, body })
      await assert.rejects(others.heldAbout(7), isUnavailable, `${service} ${status} ${body}`)
    }
    answers.delete(service)
    gone.add(service)
    await assert.rejects(others.heldAbout(7), isUnavailable, `${service} is not there`)
    gone.delete(service)
  }
  await others.heldAbout(7)
})

test('whether a purchase was just started is asked too; when nobody can say, the customer’s own row decides alone', async () => {
  for (const in_progress of [true, false]) {
    answers.set('orquestrador', { status: 200, body: JSON.stringify({ in_progress }) })
    assert.equal(await others.hasPurchaseInProgress(7), in_progress)
  }
  answers.set('orquestrador', { status: 500, body: '{}' })
  assert.equal(await others.hasPurchaseInProgress(7), false)
  gone.add('orquestrador')
  assert.equal(await others.hasPurchaseInProgress(7), false)
})

test('whether a seller sells to a customer is asked too; when nobody can say, the answer is no', async () => {
  gone.clear()
  for (const sells of [true, false]) {
    answers.set('orquestrador', { status: 200, body: JSON.stringify({ sells }) })
    assert.equal(await others.sellsTo('nina', 7), sells)
  }
  answers.set('orquestrador', { status: 500, body: '{}' })
  assert.equal(await others.sellsTo('nina', 7), false)
  gone.add('orquestrador')
  assert.equal(await others.sellsTo('nina', 7), false)
})

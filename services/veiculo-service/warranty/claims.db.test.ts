/** Warranty claims over HTTP: opened in time, closed once, their cost put on the vehicle, an abatement owed once. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemIds } from '#platform/clock'
import { call, clock, database, keyring, offered, reservedBySomebody, sell, sent } from '../http/http.suite.ts'

const DAY_MS = 86_400_000
const staff = await keyring.sign({ role: 'staff', subject: 'rui' })
const admin = await keyring.sign({ role: 'admin', subject: 'ada' })
/** The buyer of every purchase here is a member of staff. */
const buyer = await keyring.sign({ role: 'admin', subject: 'eva', customer_id: 7 })

async function sold() {
  const vehicle = await offered()
  const transaction_id = await reservedBySomebody(vehicle)
  const { body } = await sell(vehicle.id, { transaction_id })
  return { id: vehicle.id as number, transaction_id, pickup_code: body.pickup_code as string }
}

async function taken() {
  const car = await sold()
  const pickup = { pickup_code: car.pickup_code, received_by: 'Ana Souza' }
  assert.equal((await call('POST', `/vehicles/${car.id}/pickup`, pickup)).status, 200)
  return car
}

const open = (id: number, more: object = {}, token = staff, headers = {}) =>
  call('POST', `/vehicles/${id}/warranty-claims`, { what: 'O câmbio escapa', ...more }, token, headers)
const close = (id: number, body: object, token = staff) =>
  call('POST', `/warranty-claims/${id}/close`, { findings: 'Sincronizador gasto', ...body }, token)
const costsOf = async (id: number) => (await call('GET', `/vehicles/${id}/costs`)).body
const abatements = (transaction_id: string) =>
  sent.filter((one) => one.transaction_id === transaction_id && one.type === 'commands.payment.abate')

function daysLater<Result>(days: number, work: () => Promise<Result>): Promise<Result> {
  clock.ahead = days * DAY_MS
  return work().finally(() => {
    clock.ahead = 0
  })
}

test('the cost of a repair is put on the vehicle, once', async () => {
  const { id, transaction_id } = await taken()
  const key = { 'idempotency-key': `claim-${id}` }
  const [opened, again] = [await open(id, {}, staff, key), await open(id, {}, staff, key)]
  assert.deepEqual([opened.status, opened.body.status, opened.body.days_left], [201, 'open', 30])
  assert.deepEqual(again.body, opened.body)
  const answers = await Promise.all([
    close(opened.body.id, { outcome: 'repaired', cost: 1_850 }),
    close(opened.body.id, { outcome: 'repaired', cost: 1_850 }),
  ])
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409])
  assert.equal((await costsOf(id)).expenses_total, 1_850)
  assert.deepEqual(abatements(transaction_id), [])
  const { body } = await call('GET', `/vehicles/${id}/history`)
  const acts = body.history.map(({ act }: { act: string }) => act)
  for (const act of ['warranty_claimed', 'warranty_claim_closed', 'expense_recorded'])
    assert.ok(acts.includes(act), act)
})

test('the ninety days are days of São Paulo, hidden faults excepted; only a fetched vehicle has a warranty', async () => {
  const { id } = await taken()
  const late = await daysLater(91, () => open(id))
  assert.deepEqual([late.status, late.body.type.endsWith('warranty_over')], [409, true])
  const [onTime, hidden] = [await daysLater(90, () => open(id)), await daysLater(400, () => open(id, { hidden: true }))]
  assert.deepEqual([onTime.status, hidden.status, hidden.body.hidden], [201, 201, true])
  assert.equal((await open((await sold()).id)).status, 409)
  assert.equal((await open((await offered()).id)).status, 409)
  assert.equal((await open(999_999)).status, 404)
  assert.equal((await open(id, { what: 'x' })).body.errors[0].path, '/what')
  assert.equal((await open(id, {}, buyer)).body.detail, 'Nobody who works here acts on their own customer record')
})

test('open claims are listed by due date, with how late they are', async () => {
  const [first, second] = [await taken(), await taken()]
  await daysLater(1, () => open(second.id))
  await open(first.id)
  const seen: [number, number][] = []
  for (let cursor = ''; ; ) {
    const { body } = await daysLater(32, () => call('GET', `/warranty-claims?status=open&limit=1${cursor}`))
    for (const { vehicle_id, days_left } of body.claims) seen.push([vehicle_id, days_left])
    if (!body.next_cursor) break
    cursor = `&cursor=${body.next_cursor}`
  }
  const ours = seen.filter(([vehicle_id]) => [first.id, second.id].includes(vehicle_id))
  assert.deepEqual(ours, [
    [first.id, -2],
    [second.id, -1],
  ])
  assert.equal((await call('GET', '/warranty-claims?cursor=2026-99-99.1')).status, 422)
})

test('an abatement is owed to the buyer once and put on the vehicle’s cost, and a large one needs a second person', async () => {
  const { id, transaction_id } = await taken()
  const { body: claim } = await open(id)
  const wrong = await close(claim.id, { outcome: 'abated' })
  assert.deepEqual([wrong.status, wrong.body.errors[0].path], [422, '/refund'])
  assert.equal((await close(claim.id, { outcome: 'refused', refund: 5 })).status, 422)
  const asked = await close(claim.id, { outcome: 'abated', refund: 12_000 })
  assert.equal(asked.status, 202)
  assert.deepEqual([abatements(transaction_id), (await costsOf(id)).expenses_total], [[], 0])
  const approve = (token: string) => call('POST', `/approvals/${asked.body.approval_id}/approve`, {}, token)
  assert.equal((await approve(buyer)).status, 403)
  assert.equal((await approve(admin)).status, 200)
  assert.deepEqual(
    abatements(transaction_id).map(({ body }) => body),
    [{ claim_id: claim.id, customer_id: 7, amount_cents: 1_200_000 }],
  )
  assert.equal((await costsOf(id)).expenses_total, 12_000)
  assert.equal((await close(claim.id, { outcome: 'repaired' })).status, 409)
})

test('small abatements for one customer add up within a day, and are no way round the second person', async () => {
  const { id } = await taken()
  const [first, second] = [(await open(id)).body.id, (await open(id)).body.id]
  assert.equal((await close(first, { outcome: 'abated', refund: 6_000 })).status, 200)
  assert.equal((await close(second, { outcome: 'abated', refund: 6_000 })).status, 202)
  assert.equal((await daysLater(2, () => close(second, { outcome: 'abated', refund: 6_000 }))).status, 200)
})

test('a purchase that is being returned gets no abatement, nor does a sale by hand', async () => {
  const car = await taken()
  const { body: claim } = await open(car.id)
  await database.query('update vehicles set return_id = $2 where id = $1', [car.id, systemIds.uuid()])
  const refused = await close(claim.id, { outcome: 'abated', refund: 100 })
  assert.deepEqual([refused.status, refused.body.detail], [409, 'Vehicle is being returned'])
  assert.equal((await close(claim.id, { outcome: 'refused' })).status, 200)

  const byHand = await offered()
  const { body } = await sell(byHand.id, {})
  const pickup = { pickup_code: body.pickup_code, received_by: 'Caio Lima' }
  assert.equal((await call('POST', `/vehicles/${byHand.id}/pickup`, pickup)).status, 200)
  const { body: other } = await open(byHand.id)
  assert.equal((await close(other.id, { outcome: 'abated', refund: 100 })).status, 409)
  assert.equal((await close(other.id, { outcome: 'replaced' })).status, 200)
  assert.equal((await close(999_999, { outcome: 'refused' })).status, 404)
})

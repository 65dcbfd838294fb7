/** Vehicles in preparation, their costs, and who may see those. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { call, keyring, offered, sell, sent, some } from './http.suite.ts'

const seller = await keyring.sign({ role: 'staff', scope: 'seller', subject: 'nina' })
const operator = await keyring.sign({ role: 'staff', subject: 'maria' })

const wrongFields = ({ body }: { body: { errors: { path: string }[] } }) => body.errors.map(({ path }) => path).sort()
const newsOf = (id: number) =>
  sent
    .filter(({ type }) => type === 'events.vehicle.listing_changed')
    .map(({ body }) => body as { vehicle_id: number; status: string })
    .filter(({ vehicle_id }) => vehicle_id === id)
    .map(({ status }) => status)
const found = async (query: string) =>
  (await call('GET', `/vehicles?${query}`)).body.vehicles.map(({ id }: { id: number }) => id)

test('a vehicle in preparation is on no public list, is not sold, and is offered when it is published', async () => {
  const { id, status } = await offered({ model: 'Preparado', publish: false })
  assert.equal(status, 'preparation')
  assert.deepEqual(await found('model=preparado&status_filter=available'), [])
  assert.deepEqual(await found('model=preparado&status_filter=preparation'), [id])
  assert.equal((await call('GET', `/vehicles/${id}`, undefined, '')).status, 404, 'as one that there is not')
  assert.equal((await sell(id)).body.detail, 'Vehicle is not on sale')
  assert.equal((await call('POST', `/vehicles/${id}/relist`)).body.detail, 'Vehicle was not withdrawn')
  assert.equal((await call('PUT', `/vehicles/${id}`, { color: 'BRANCA' })).body.color, 'Branco')
  assert.deepEqual(newsOf(id), [], 'it is nobody’s news yet')
  const published = await call('POST', `/vehicles/${id}/publish`)
  assert.deepEqual([published.status, published.body.status], [200, 'available'])
  assert.equal((await call('POST', `/vehicles/${id}/publish`)).status, 200, 'once more changes nothing')
  assert.deepEqual(await found('model=preparado&status_filter=available'), [id])
  assert.deepEqual(newsOf(id), ['available'])
  await call('POST', `/vehicles/${id}/withdraw`)
  assert.equal((await call('POST', `/vehicles/${id}/publish`)).body.detail, 'Vehicle is not in preparation')
  assert.equal((await call('POST', '/vehicles/999999/publish')).status, 404)
})

test('facts that buyers look for are kept in the usual words, and any other word as it is typed', async () => {
  const facts = {
    ...{ model_year: 2021, version: 'Volcano 1.3', body: 'PICAPE', fuel: 'Flex', transmission: 'automatica', doors: 4 },
    ...{ color: 'Verde-abacate', options: ['Ar-condicionado', 'Câmera de ré'] },
  }
  const { id, ...vehicle } = await offered(facts)
  const kept = { ...facts, body: 'picape', fuel: 'flex', transmission: 'automático' }
  for (const [name, value] of Object.entries(kept)) assert.deepEqual(vehicle[name], value, name)
  const cleared = await call('PUT', `/vehicles/${id}`, { version: null, options: null, doors: null })
  assert.deepEqual(
    ['version', 'options', 'doors', 'body'].map((name) => name in cleared.body),
    [false, false, false, true],
  )
  const wrong = { model_year: 2999, doors: 0, options: ['a', 'a'] }
  assert.deepEqual(wrongFields(await call('POST', '/vehicles', some(wrong))), ['/doors', '/options'])
  assert.deepEqual(wrongFields(await call('POST', '/vehicles', some({ model_year: 2999 }))), ['/model_year'])
})

test('only the back office sees what a vehicle has cost and what is left', async () => {
  const bought = { acquired_at: '2026-03-02', acquisition_cost: 38_000, source: 'purchase' }
  const made = await call('POST', '/vehicles', some({ price: 45_000, ...bought }), operator)
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const { id } = made.body
  const spend = (body: object, token = operator) => call('POST', `/vehicles/${id}/expenses`, body, token)
  const tyres = await spend({ what: 'Pneus', amount: 1_840.5, spent_on: '2026-03-05' })
  assert.deepEqual([tyres.status, tyres.body.author], [201, 'staff maria'])
  assert.equal((await spend({ what: 'Pneus, digitado a mais', amount: -40.5 })).status, 201)
  const costs = await call('GET', `/vehicles/${id}/costs`, undefined, operator)
  const { expenses, ...sums } = costs.body
  assert.deepEqual(sums, {
    ...{ vehicle_id: id, price: 45_000, ...bought, owner_customer_id: null, owner_share: null, owner_payout: null },
    ...{ expenses_total: 1_800, cost: 39_800, margin: 5_200 },
  })
  assert.deepEqual(
    expenses.map(({ what, amount, spent_on }: { what: string; amount: number; spent_on: string }) => [
      what,
      amount,
      spent_on === '2026-03-05',
    ]),
    [
      ['Pneus', 1_840.5, true],
      ['Pneus, digitado a mais', -40.5, false],
    ],
  )
  for (const token of [seller, '', await keyring.sign({ role: 'customer', customer_id: 7 })]) {
    const refused = token === '' ? 401 : 403
    assert.equal((await call('GET', `/vehicles/${id}/costs`, undefined, token)).status, refused)
    assert.equal((await call('PUT', `/vehicles/${id}/acquisition`, bought, token)).status, refused)
    assert.equal((await spend({ what: 'Lavagem', amount: 80 }, token)).status, refused)
    const seen = JSON.stringify((await call('GET', `/vehicles/${id}`, undefined, token)).body)
    assert.doesNotMatch(seen, /38000|39800|acquisition|source/)
  }
  assert.equal((await call('POST', '/vehicles', some(bought), seller)).status, 403)
})

test('an expense that is sent twice under one key counts once, and one after the sale counts too', async () => {
  const { id } = await offered({ acquired_at: '2026-01-02', acquisition_cost: 30_000, source: 'trade_in' })
  assert.equal((await sell(id)).status, 200)
  const expense = { what: 'Reparo em garantia', amount: 700 }
  const send = () => call('POST', `/vehicles/${id}/expenses`, expense, operator, { 'idempotency-key': `repair-${id}` })
  const [first, again] = [await send(), await send()]
  assert.deepEqual([first.status, again.body], [201, first.body])
  const { body } = await call('GET', `/vehicles/${id}/costs`)
  assert.deepEqual([body.expenses.length, body.cost], [1, 30_700])
})

test('an acquisition can be corrected, with the author on record, and is refused when it is incomplete', async () => {
  const { id } = await offered()
  const put = (body: object) => call('PUT', `/vehicles/${id}/acquisition`, body, operator)
  assert.equal((await call('GET', `/vehicles/${id}/costs`)).body.cost, null, 'nobody has said it yet')
  const told = { acquired_at: '2026-02-03', acquisition_cost: 40_000, source: 'purchase' }
  assert.equal((await put(told)).body.margin, 5_000)
  assert.equal((await put({ ...told, acquisition_cost: 41_000 })).body.margin, 4_000)
  assert.equal((await put({ ...told, acquisition_cost: 41_000 })).status, 200)
  const { history } = (await call('GET', `/vehicles/${id}/history`)).body
  const acts = history.filter(({ act }: { act: string }) => act === 'acquisition_recorded')
  assert.equal(acts.length, 2, 'the same once more is no entry')
  assert.deepEqual(acts[0].before, { cost: 40_000 })
  assert.deepEqual(wrongFields(await put({ ...told, source: 'consignment' })), ['/owner_customer_id', '/owner_share'])
  assert.deepEqual(wrongFields(await put({ ...told, owner_customer_id: 7 })), ['/owner_customer_id'])
  assert.deepEqual(wrongFields(await put({ ...told, acquired_at: '2999-01-01' })), ['/acquired_at'])
  assert.deepEqual(wrongFields(await call('POST', '/vehicles', some({ acquisition_cost: 10 }))), [
    '/acquired_at',
    '/source',
  ])
  const spend = (body: object) => call('POST', `/vehicles/${id}/expenses`, body)
  assert.deepEqual(wrongFields(await spend({ what: 'Nada', amount: 0, spent_on: '2999-01-01' })), [
    '/amount',
    '/spent_on',
  ])
  assert.equal((await call('POST', '/vehicles/999999/expenses', { what: 'Pneus', amount: 1 })).status, 404)
})

test('a price below the vehicle’s cost waits for a second person, however small the step', async () => {
  const bought = { acquired_at: '2026-03-02', acquisition_cost: 44_800, source: 'purchase' }
  const { id } = await offered(bought)
  const staff = (price: number) => call('PUT', `/vehicles/${id}`, { price }, operator)
  assert.equal((await staff(44_900)).status, 200)
  assert.equal((await staff(44_700)).status, 202)
})

test('a consigned vehicle costs what its owner gets, and can go back to its owner, whose car may come again', async () => {
  const consigned = {
    ...{ acquired_at: '2026-03-02', acquisition_cost: 0, source: 'consignment' },
    ...{ owner_customer_id: 7, owner_share: 92.5 },
  }
  const car = some({ price: 100_000, model: 'Consignado', ...consigned })
  const { id } = (await call('POST', '/vehicles', car)).body
  const { body: costs } = await call('GET', `/vehicles/${id}/costs`)
  assert.deepEqual([costs.owner_payout, costs.cost, costs.margin], [92_500, 92_500, 7_500])
  assert.equal((await call('POST', `/vehicles/${id}/return_to_owner`, undefined, seller)).status, 403)
  const own = await offered()
  assert.equal((await call('POST', `/vehicles/${own.id}/return_to_owner`)).body.detail, 'Vehicle is not consigned')
  const back = await call('POST', `/vehicles/${id}/return_to_owner`)
  assert.deepEqual([back.status, back.body.status, 'plate' in back.body], [200, 'returned_to_owner', false])
  assert.deepEqual(await found('model=consignado&status_filter=available'), [])
  assert.equal((await sell(id)).body.detail, 'Vehicle is not on sale')
  assert.deepEqual(newsOf(id), ['available', 'withdrawn'])
  const again = await call('POST', '/vehicles', car)
  assert.deepEqual([again.status, again.body.previous_vehicle_id], [201, id])
})

/** Off sale and back, search, versions, and the handing over, as staff meet them over HTTP. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemIds } from '#platform/clock'
import { sealPlainPapers } from '../vehicles/plain-papers-store.ts'
import { call, clock, database, keyring, offered, reservedBySomebody, sell, sent, some, vault } from './http.suite.ts'

const staff = await keyring.sign({ role: 'staff' })

/** The status and revision of a vehicle in the messages to other services, in order. */
const news = (id: number) =>
  sent
    .filter(({ type }) => type === 'events.vehicle.listing_changed')
    .map(({ body }) => body as { vehicle_id: number; status: string; revision: number; price_cents: number })
    .filter(({ vehicle_id }) => vehicle_id === id)

const withdraw = (id: number) => call('POST', `/vehicles/${id}/withdraw`)
const relist = (id: number) => call('POST', `/vehicles/${id}/relist`)
const pickup = (id: number, pickup_code: string, received_by = 'Ana Souza') =>
  call('POST', `/vehicles/${id}/pickup`, { pickup_code, received_by }, staff)

const found = async (query: string) =>
  (await call('GET', `/vehicles?${query}`)).body.vehicles.map(({ id }: { id: number }) => id)

async function soldToSomebody() {
  const vehicle = await offered()
  const transaction_id = await reservedBySomebody(vehicle)
  const { body } = await sell(vehicle.id, { transaction_id })
  return { id: vehicle.id as number, transaction_id, code: body.pickup_code as string }
}

test('a withdrawn vehicle is on no list for buyers, and comes back when it is relisted', async () => {
  const { id } = await offered({ model: 'Retirado' })
  assert.deepEqual(await found('model=retirado&status_filter=available'), [id])
  const out = await withdraw(id)
  assert.deepEqual([out.status, out.body.status], [200, 'withdrawn'])
  assert.deepEqual(await found('model=retirado&status_filter=available'), [])
  assert.equal((await withdraw(id)).status, 200)
  assert.equal((await relist(id)).body.status, 'available')
  assert.equal((await relist(id)).body.status, 'available')
  assert.deepEqual(await found('model=retirado&status_filter=available'), [id])
  assert.deepEqual(
    news(id).map(({ status, revision }) => [status, revision]),
    [
      ['available', 1],
      ['withdrawn', 2],
      ['available', 3],
    ],
  )
})

test('a vehicle that somebody has is neither withdrawn nor relisted', async () => {
  const vehicle = await offered()
  await reservedBySomebody(vehicle)
  assert.equal((await withdraw(vehicle.id)).body.detail, 'Vehicle is reserved or sold')
  assert.equal((await relist(vehicle.id)).body.detail, 'Vehicle was not withdrawn')
  assert.equal((await withdraw(999_999)).status, 404)
})

test('a withdrawn vehicle can be edited and the news tells the new price', async () => {
  const { id } = await offered()
  await withdraw(id)
  assert.equal((await call('PUT', `/vehicles/${id}`, { price: 51_000.5 })).status, 200)
  assert.deepEqual(
    news(id).map(({ status, price_cents }) => [status, price_cents]),
    [
      ['available', 4_500_000],
      ['withdrawn', 4_500_000],
      ['withdrawn', 5_100_050],
    ],
  )
})

test('of two sellers who edit the same version, the second is told', async () => {
  const { id } = await offered()
  const read = await call('GET', `/vehicles/${id}`)
  const etag = String(read.headers.etag)
  const first = await call('PUT', `/vehicles/${id}`, { price: 44_000 }, staff, { 'if-match': etag })
  assert.equal(first.status, 200)
  assert.notEqual(first.headers.etag, etag)
  const second = await call('PUT', `/vehicles/${id}`, { price: 43_000 }, staff, { 'if-match': etag })
  assert.equal(second.status, 412)
  const now = await call('GET', `/vehicles/${id}`)
  assert.deepEqual([now.body.price, now.headers.etag], [44_000, first.headers.etag])
})

test('null clears an optional field', async () => {
  const { id } = await offered({ mileage_km: 10, fuel: 'flex', photos: ['https://example.com/a.jpg'] })
  const { status, body } = await call('PUT', `/vehicles/${id}`, { mileage_km: null, fuel: null, photos: null })
  assert.deepEqual([status, 'mileage_km' in body, 'fuel' in body, 'photos' in body], [200, false, false, false])
  assert.equal((await call('PUT', `/vehicles/${id}`, { brand: null })).status, 422)
})

test('an offer sent twice under one key is one vehicle', async () => {
  const body = some()
  const key = { 'idempotency-key': systemIds.uuid() }
  const first = await call('POST', '/vehicles', body, undefined, key)
  const again = await call('POST', '/vehicles', body, undefined, key)
  assert.deepEqual([first.status, again.status, again.body.id], [201, 201, first.body.id])
  assert.equal(again.headers.etag, first.headers.etag)
})

test('search forgives accents, case and typos, and wants every word', async () => {
  const onix = (await offered({ brand: 'Chevrolet', model: 'Ônix Plus' })).id
  const corolla = (await offered({ brand: 'Toyota', model: 'Corolla XEi' })).id
  const strada = (await offered({ brand: 'Fiat', model: 'Strada Volcano' })).id
  const cases: [string, number, boolean][] = [
    ['onix', onix, true],
    ['ÔNIX', onix, true],
    ['corola', corolla, true],
    ['stradda', strada, true],
    ['fiat strada', strada, true],
    ['volcano fiat', strada, true],
    ['toyota strada', strada, false],
    ['onix', corolla, false],
  ]
  for (const [q, id, is] of cases) {
    for (const shelf of ['', '&status_filter=available']) {
      assert.equal((await found(`q=${encodeURIComponent(q)}${shelf}&limit=100`)).includes(id), is, `${q}${shelf} ${id}`)
    }
  }
  assert.equal((await call('GET', `/vehicles?q=${encodeURIComponent("%' or 1=1 --")}`)).status, 200)
})

test('a search with many matches is read page by page in order, like one with few', async () => {
  await database.query(
    `with made as (insert into vehicles (brand, model, year, color, price_cents, license_plate,
         chassi_number, renavam, created_at, updated_at)
       select 'Muitos', 'Comum', 2020, 'Prata', 1000 + n, 'M' || n, 'M' || n, (80000000000 + n)::text, now(), now()
       from generate_series(1, 2100) as n returning *)
     , known as (insert into vehicle_words values ('muitos'), ('comum'))
     insert into vehicle_offers select id, brand, model, year, price_cents, words from made`,
  )
  await sealPlainPapers(database, vault)
  const first = await call('GET', '/vehicles?q=comun&status_filter=available&limit=2')
  assert.deepEqual(
    first.body.vehicles.map(({ price }: { price: number }) => price),
    [10.01, 10.02],
  )
  assert.equal(first.body.total, 2100)
  const next = await call('GET', `/vehicles?q=comun&status_filter=available&limit=1&cursor=${first.body.next_cursor}`)
  assert.equal(next.body.vehicles[0].price, 10.03)
})

test('many vehicles are sold in one request, each as it would be alone', async () => {
  const one = await offered()
  const other = await offered()
  const [mine, theirs] = [await reservedBySomebody(one), await reservedBySomebody(other)]
  const sales = [
    { vehicle_id: one.id, transaction_id: mine },
    { vehicle_id: other.id, transaction_id: mine },
    { vehicle_id: 999_999, transaction_id: theirs },
  ]
  const { status, body } = await call('POST', '/vehicles/sales', { sales })
  assert.equal(status, 200)
  assert.match(body.results[0].pickup_code, /^[A-Z0-9]{8}$/)
  assert.deepEqual(body.results.slice(1), [
    { ...sales[1], sold: false, status: 409, detail: 'Vehicle is reserved by another transaction' },
    { ...sales[2], sold: false, status: 404, detail: 'Vehicle not found' },
  ])
  const again = await call('POST', '/vehicles/sales', { sales: sales.slice(0, 1) })
  assert.deepEqual(again.body.results[0], body.results[0])
  assert.equal((await call('POST', '/vehicles/sales', { sales: [] })).status, 422)
})

test('a sold vehicle is handed over once, to whoever shows its code, however it is typed', async () => {
  const { id, code, transaction_id } = await soldToSomebody()
  const typed = ` ${code.slice(0, 4).toLowerCase()}-${code.slice(4)}`
  const { status, body } = await pickup(id, typed, '  Bruno Lima ')
  assert.deepEqual([status, body.status, body.is_sold, body.received_by], [200, 'picked_up', true, 'Bruno Lima'])
  assert.equal(body.sold_to_transaction, transaction_id)
  assert.ok(body.picked_up_at)
  assert.equal((await pickup(id, code)).body.detail, 'Vehicle already picked up')
  const customer = await keyring.sign({ role: 'customer', customer_id: 7 })
  const seen = (await call('GET', `/vehicles/${id}`, undefined, customer)).body
  assert.deepEqual(['received_by' in seen, 'sold_to_transaction' in seen, 'pickup_code' in seen], [false, false, false])
  assert.deepEqual(await found(`status_filter=sold&limit=100`).then((ids) => ids.includes(id)), true)
})

test('of two counters that hand over one vehicle at once, one succeeds', async () => {
  const { id, code } = await soldToSomebody()
  const answers = await Promise.all([pickup(id, code), pickup(id, code)])
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409])
})

test('a wrong code is refused, and after five of them even the right one for a quarter of an hour', async () => {
  const { id, code } = await soldToSomebody()
  for (let guess = 0; guess < 5; guess += 1) {
    const { status, body } = await pickup(id, 'AAAAAAAA')
    assert.deepEqual([status, body.detail], [400, 'Wrong pickup code'])
  }
  const locked = await pickup(id, code)
  assert.equal(locked.status, 429)
  assert.ok(Number(locked.headers['retry-after']) > 800)
  clock.ahead = 15 * 60_000
  try {
    assert.equal((await pickup(id, code)).status, 200)
  } finally {
    clock.ahead = 0
  }
})

test('an unsold vehicle is not handed over, and a sale by hand has a code of its own', async () => {
  const vehicle = await offered()
  assert.equal((await pickup(vehicle.id, 'AAAAAAAA')).body.detail, 'Vehicle is not sold')
  assert.equal((await pickup(999_999, 'AAAAAAAA')).status, 404)
  const { body } = await sell(vehicle.id)
  assert.equal((await pickup(vehicle.id, body.pickup_code)).status, 200)
  assert.equal(news(vehicle.id).at(-1)?.status, 'sold')
  assert.equal(
    (await call('POST', `/vehicles/${vehicle.id}/pickup`, { pickup_code: 'A', received_by: '   ' })).status,
    422,
  )
})

test('staff replace the lost code of a sale by hand, and of no purchase', async () => {
  const { id } = await offered()
  const lost = (await sell(id)).body.pickup_code
  const reissue = (of: number, token?: string) => call('POST', `/vehicles/${of}/pickup_code`, undefined, token)
  assert.equal((await reissue(id, '')).status, 401)
  assert.equal((await reissue(id, await keyring.sign({ role: 'customer', customer_id: 7 }))).status, 403)
  const { status, body } = await reissue(id, staff)
  assert.equal(status, 200)
  assert.equal((await pickup(id, lost)).body.detail, 'Wrong pickup code')
  assert.equal((await pickup(id, body.pickup_code)).status, 200)
  assert.equal((await reissue(id, staff)).body.detail, 'Vehicle already picked up')
  assert.equal((await reissue((await offered()).id, staff)).body.detail, 'Vehicle is not sold')
  assert.equal((await reissue(999_999, staff)).status, 404)
  const { id: bought } = await soldToSomebody()
  assert.equal((await reissue(bought, staff)).body.detail, 'Only the buyer has the pickup code')
})

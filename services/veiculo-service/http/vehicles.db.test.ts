/** The vehicles' routes as a client meets them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateRenavam } from '@brazilian-utils/brazilian-utils'
import { systemIds } from '#platform/clock'
import { call, keyring, offered, reservedBySomebody, sell, some } from './http.suite.ts'

const wrongFields = ({ body }: { body: { errors: { path: string }[] } }) => body.errors.map(({ path }) => path).sort()

test('puts a vehicle on sale with every optional field, normalised and masked', async () => {
  const optional = {
    mileage_km: 42_000,
    fuel: 'flex',
    transmission: 'manual',
    description: 'Único dono.\nRevisões em dia.',
    photos: ['https://example.com/uno.jpg'],
    documentation: { licensing_year: 2026, has_debts: false, has_recall: false, inspection_approved_at: '2026-05-04' },
  }
  const { status, body } = await call('POST', '/vehicles', {
    ...some(optional),
    brand: ' Fiat ',
    price: 45_990.9,
    license_plate: 'xyz-9876',
    chassi_number: '9bwzzz377vt004251',
    renavam: '639884962',
  })
  assert.equal(status, 201, JSON.stringify(body))
  const { id, created_at, updated_at, ...rest } = body
  assert.deepEqual(rest, {
    brand: 'Fiat',
    model: 'Uno',
    year: 2020,
    color: 'Prata',
    price: 45_990.9,
    license_plate: '****876',
    chassi_number: '9BWZZZ377VT004251',
    renavam: '00639884962',
    status: 'available',
    is_reserved: false,
    is_sold: false,
    sold_at: null,
    picked_up_at: null,
    ...optional,
    plate_last_digit: 6,
    plate: 'XYZ9876',
  })
  assert.equal(created_at, updated_at)
  assert.deepEqual((await call('GET', `/vehicles/${id}`)).body, body)
  const { plate: _, ...public_ } = body
  const masked = { ...public_, chassi_number: '*************4251', renavam: '*******4962' }
  for (const token of ['', await keyring.sign({ role: 'customer', customer_id: 7 })])
    assert.deepEqual((await call('GET', `/vehicles/${id}`, undefined, token)).body, masked)
})

test('names every field that does not fit', async () => {
  assert.deepEqual(wrongFields(await call('POST', '/vehicles')), [
    '/brand',
    '/chassi_number',
    '/color',
    '/license_plate',
    '/model',
    '/price',
    '/renavam',
    '/year',
  ])
  const wrong = {
    brand: 'F',
    model: 'M\u0000del',
    year: 1899,
    color: 'ab',
    price: 0,
    license_plate: 'AB12345',
    chassi_number: 'IOQ',
    renavam: '12345678901',
    mileage_km: -1,
    photos: ['javascript:alert(1)'],
    documentation: { has_debts: 'no' },
    owner: 'me',
  }
  const refused = await call('POST', '/vehicles', wrong)
  assert.equal(refused.status, 422)
  assert.deepEqual(
    wrongFields(refused),
    Object.keys(wrong)
      .map((field) => ({ photos: '/photos/0', documentation: '/documentation/has_debts' })[field] ?? `/${field}`)
      .sort(),
  )
  const nextYear = new Date().getUTCFullYear() + 1
  assert.deepEqual(wrongFields(await call('POST', '/vehicles', some({ year: nextYear + 1, color: ' ab ' }))), [
    '/color',
    '/year',
  ])
  for (const color of ['    ', '\u200b\u200b\u200b', '\u3164\u3164\u3164', '\u2800\u2800\u2800', 'Pra\u202eta'])
    assert.deepEqual(wrongFields(await call('POST', '/vehicles', some({ color }))), ['/color'])
  for (const description of ['\u3164', 'Novo\u202e'])
    assert.deepEqual(wrongFields(await call('POST', '/vehicles', some({ description }))), ['/description'])
  await offered({ year: nextYear })
  assert.deepEqual(wrongFields(await call('POST', '/vehicles', some({ price: 10.005 }))), ['/price'])
})

test('takes a car only once, whichever form of its plate is typed', async () => {
  const car = some({ license_plate: 'QRS1234' })
  assert.equal((await call('POST', '/vehicles', car)).status, 201)
  for (const same of ['license_plate', 'chassi_number', 'renavam'] as const) {
    const { status, body } = await call('POST', '/vehicles', some({ [same]: car[same] }))
    assert.equal(status, 409)
    assert.equal(body.detail, 'Vehicle with this license plate, chassi number or renavam already exists')
  }
  assert.equal((await call('POST', '/vehicles', some({ license_plate: 'qrs1c34' }))).status, 409)
})

test('answers 404 for an unknown vehicle', async () => {
  for (const [method, url] of [
    ['GET', '/vehicles/999999'],
    ['PUT', '/vehicles/999999'],
    ['PATCH', '/vehicles/999999/mark_as_sold'],
  ] as const) {
    const { status, body } = await call(method, url, method === 'PUT' ? { color: 'Azul' } : undefined)
    assert.deepEqual([status, body.detail], [404, 'Vehicle not found'], url)
  }
  assert.equal((await call('GET', '/vehicles/abc')).status, 404)
})

test('changes the fields that are named, and only while nobody has the vehicle', async () => {
  const other = some({ license_plate: 'TUV1A23' })
  await call('POST', '/vehicles', other)
  const vehicle = await offered({ description: 'Como novo' })
  const url = `/vehicles/${vehicle.id}`
  const { body: amended } = await call('PUT', url, { price: 39_999.99, license_plate: 'WXY-2B34' })
  const { updated_at } = amended
  assert.deepEqual(amended, {
    ...{ ...vehicle, price: 39_999.99, license_plate: '****B34', updated_at },
    ...{ plate: 'WXY2B34', plate_last_digit: 4 },
  })
  assert.ok(updated_at >= vehicle.updated_at)
  assert.deepEqual((await call('GET', url)).body, amended)
  const taken = await call('PUT', url, { license_plate: 'TUV1023' })
  assert.deepEqual(
    [taken.status, taken.body.detail],
    [409, 'License plate, chassi number or renavam already exists for another vehicle'],
  )
  assert.equal((await call('PUT', url, {})).status, 422)
  assert.equal((await call('PUT', url, { status: 'sold' })).status, 422)
  assert.deepEqual(wrongFields(await call('PUT', url, { year: 2999 })), ['/year'])
  await reservedBySomebody({ ...vehicle, price: 39_999.99 })
  const refused = await call('PUT', url, { price: 1 })
  assert.deepEqual([refused.status, refused.body.detail], [400, 'Cannot edit vehicle that is reserved or sold'])
})

test('a sale to a purchase answers with its pickup code, again and again, and to nobody else', async () => {
  const vehicle = await offered()
  const transaction_id = await reservedBySomebody(vehicle)
  const rival = await sell(vehicle.id, { transaction_id: systemIds.uuid() })
  assert.deepEqual([rival.status, rival.body.detail], [409, 'Vehicle is reserved by another transaction'])
  assert.equal((await sell(vehicle.id)).body.detail, 'Vehicle is reserved by another transaction')
  const first = await sell(vehicle.id, { transaction_id })
  assert.equal(first.status, 200, JSON.stringify(first.body))
  assert.deepEqual([first.body.status, first.body.is_sold, first.body.is_reserved], ['sold', true, false])
  assert.match(first.body.pickup_code, /^[A-Z0-9]{8}$/)
  const again = await sell(vehicle.id, { transaction_id: transaction_id.toUpperCase() })
  assert.deepEqual([again.status, again.body], [200, first.body])
  const late = await sell(vehicle.id)
  assert.deepEqual([late.status, late.body.detail], [409, 'Vehicle already sold'])
  const { pickup_code: _, ...seen } = first.body
  assert.deepEqual((await call('GET', `/vehicles/${vehicle.id}`)).body, seen)
  assert.equal((await call('PUT', `/vehicles/${vehicle.id}`, { color: 'Azul' })).status, 400)
})

test('a sale by hand needs no body, happens once, and takes no purchase that reserved nothing', async () => {
  const vehicle = await offered()
  const stranger = await sell(vehicle.id, { transaction_id: systemIds.uuid() })
  assert.deepEqual([stranger.status, stranger.body.detail], [409, 'Vehicle is not on sale'])
  assert.equal(
    (await sell(vehicle.id, { transaction_id: 'urn:uuid:0190b4d0-0000-7000-8000-000000000000' })).status,
    422,
  )
  const { status, body } = await sell(vehicle.id)
  assert.deepEqual([status, body.status], [200, 'sold'])
  assert.match(body.pickup_code, /^[A-Z0-9]{8}$/)
  assert.equal((await sell(vehicle.id, {})).status, 409)
})

const sorts = {
  price_asc: (one: Row, other: Row) => one.price - other.price || one.id - other.id,
  price_desc: (one: Row, other: Row) => other.price - one.price || other.id - one.id,
  year_desc: (one: Row, other: Row) => other.year - one.year || other.id - one.id,
  brand_asc: (one: Row, other: Row) => compare(one.brand.toLowerCase(), other.brand.toLowerCase()) || one.id - other.id,
}
interface Row {
  id: number
  price: number
  year: number
  brand: string
}
const compare = (one: string, other: string) => Number(one > other) - Number(one < other)

test('a walk through the pages of each sort meets every vehicle once, in order', async () => {
  const brands = ['Honda', 'honda', 'Toyota']
  for (let n = 0; n < 17; n++) {
    await offered({ model: 'Paginado', brand: brands[n % 3], year: 2010 + (n % 4), price: 30_000.07 + (n % 5) })
  }
  for (const [sort, order] of Object.entries(sorts)) {
    const seen: Row[] = []
    let cursor: string | null = ''
    do {
      const url = `/vehicles?model=PAGINADO&limit=4&sort_by=${sort}${cursor && `&cursor=${cursor}`}`
      const { status, body } = await call('GET', url)
      assert.equal(status, 200, JSON.stringify(body))
      assert.equal(body.total, 17)
      seen.push(...body.vehicles)
      cursor = body.next_cursor
    } while (cursor !== null)
    assert.equal(new Set(seen.map(({ id }) => id)).size, 17)
    assert.equal(seen.length, 17)
    assert.deepEqual(
      seen.map(({ id }) => id),
      [...seen].sort(order).map(({ id }) => id),
      sort,
    )
  }
})

test('filters by what a buyer looks for', async () => {
  const vehicle = await offered({ brand: 'Peugeot', model: '208 Griffe', year: 2021, price: 70_000.1 })
  const total = async (query: string) => (await call('GET', `/vehicles?brand=peugeot&${query}`)).body.total
  assert.equal(await total('model=208&year_min=2021&year_max=2021&price_min=70000.1&price_max=70000.10'), 1)
  assert.equal(await total('year_min=2022'), 0)
  assert.equal(await total('price_max=70000.09'), 0)
  assert.equal(await total('status_filter=available'), 1)
  await reservedBySomebody(vehicle)
  assert.equal(await total('status_filter=available'), 0)
  assert.equal(await total('status_filter=reserved'), 1)
})

const service = await keyring.sign({ role: 'service', subject: 'orquestrador' })

test('looks up many by their ids in one request, those that exist', async () => {
  const one = await offered()
  const other = await offered()
  const { body } = await call('GET', `/vehicles?limit=100&ids=${other.id},999999,${one.id},${one.id}`)
  assert.deepEqual(body.vehicles, [one, other])
  assert.deepEqual([body.total, body.next_cursor], [2, null])
  const stock = await call('GET', `/vehicles/stock?ids=${other.id},999999,${one.id}`, undefined, service)
  const { id, brand, model, year, price, status } = one
  assert.deepEqual(stock.body.stock[0], { id, brand, model, year, price, status })
  assert.deepEqual(stock.body.stock[1].id, other.id)
  const many = Array.from({ length: 129 }, (_, n) => n + 1).join(',')
  for (const ids of [many, '007', '0', '1,02', '1e0', '1,'])
    assert.equal((await call('GET', `/vehicles?ids=${ids}`)).status, 422, ids)
})

test('refuses a query that makes no sense, never with a fault', async () => {
  const odd = [
    'limit=0',
    'limit=101',
    'sort_by=color',
    'status_filter=stolen',
    'brand=%00',
    'year_min=x',
    'ids=1,a',
    'cursor=@@@',
    `cursor=${Buffer.from('["a",1]').toString('base64url')}`,
    `cursor=${Buffer.from('[1e30,1]').toString('base64url')}`,
    `sort_by=brand_asc&cursor=${Buffer.from('["\\u0000",1]').toString('base64url')}`,
  ]
  for (const query of odd) assert.equal((await call('GET', `/vehicles?${query}`)).status, 422, query)
})

test('staff find a vehicle by its plate in either form, its chassi or its RENAVAM', async () => {
  const papers = { license_plate: 'QWE1A34', chassi_number: '9BWZZZ377VT909999', renavam: generateRenavam() }
  const { id } = await offered(papers)
  const found = async (body: object) => {
    const answer = await call('POST', '/vehicles/search', body)
    assert.equal(answer.status, 200, JSON.stringify(answer.body))
    return answer.body.vehicles.map((one: { id: number }) => one.id)
  }
  const typed = [{ license_plate: 'qwe-1034' }, { license_plate: 'QWE1A34' }, { chassi_number: '9bwzzz377vt909999' }]
  for (const body of [...typed, { renavam: String(Number(papers.renavam)).padStart(9, '0') }])
    assert.deepEqual(await found(body), [id], JSON.stringify(body))
  assert.deepEqual(await found({ license_plate: 'QWE1A35' }), [])
  for (const body of [{}, papers, { brand: 'Fiat' }, { license_plate: 'QWE' }])
    assert.equal((await call('POST', '/vehicles/search', body)).status, 422, JSON.stringify(body))
})

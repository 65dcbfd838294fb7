/** Finding vehicles: the typos that search forgives, and lists that stay exact page by page, while they change, and far down. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { call, database, offered, reservedBySomebody, sell, vault } from '../http/http.suite.ts'
import { sealPlainPapers } from './plain-papers-store.ts'
import { fillTerms } from './terms-store.ts'

interface Row {
  readonly id: number
  readonly brand: string
  readonly model: string
  readonly year: number
  readonly price: number
  readonly mileage_km?: number | null
}

const list = async (query: string) => {
  const { status, body } = await call('GET', `/vehicles?${query}`)
  assert.equal(status, 200, JSON.stringify(body))
  return body as { vehicles: Row[]; total: number; next_cursor: string | null }
}

const found = async (q: string, more = '') =>
  (await list(`q=${encodeURIComponent(q)}&limit=100${more}`)).vehicles.map(({ id }) => id)

/** All pages, with what happens between them. */
async function walk(query: string, between: (page: number) => Promise<void> = async () => {}): Promise<Row[]> {
  const seen: Row[] = []
  let cursor: string | null = null
  for (let page = 1; ; page += 1) {
    const { vehicles, next_cursor } = await list(query + (cursor ? `&cursor=${cursor}` : ''))
    seen.push(...vehicles)
    if (next_cursor === null) return seen
    cursor = next_cursor
    await between(page)
  }
}

const compare = (one: string, other: string) => Number(one > other) - Number(one < other)

const folded = (name: string) =>
  name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()

const orders = {
  price_asc: (one: Row, other: Row) => one.price - other.price || one.id - other.id,
  price_desc: (one: Row, other: Row) => other.price - one.price || other.id - one.id,
  year_desc: (one: Row, other: Row) => other.year - one.year || other.id - one.id,
  brand_asc: (one: Row, other: Row) => compare(folded(one.brand), folded(other.brand)) || one.id - other.id,
  newest: (one: Row, other: Row) => other.id - one.id,
  mileage_asc: (one: Row, other: Row) => (one.mileage_km ?? 1e7) - (other.mileage_km ?? 1e7) || one.id - other.id,
}
const sorts = Object.keys(orders) as (keyof typeof orders)[]

/** Enough that most lie beyond the rows that are read in order. */
const MANY = 6_000
const crowd: Row[] = []

before(async () => {
  const rows = await database.query<Row & { price_cents: number }>(
    `with made as (insert into vehicles (brand, model, year, color, price_cents, license_plate,
         chassi_number, renavam, created_at, updated_at)
       select (array['Gurgel', 'gurgel', 'Puma'])[1 + n % 3], case when n % 100 = 0 then 'Tocantins' else 'Carajás' end,
         1960 + n / 200, 'Prata', 500000 + (n * 7919) % 6007, 'M' || n, 'M' || n, (80000000000 + n)::text, now(), now()
       from generate_series(1, $1::int) as n returning *),
     offers as (insert into vehicle_offers select id, brand, model, year, price_cents, words from made),
     known as (insert into vehicle_words select distinct unnest(words) from made on conflict do nothing)
     select id, brand, model, year, price_cents from made`,
    [MANY],
  )
  await sealPlainPapers(database, vault)
  crowd.push(...rows.map(({ price_cents, ...row }) => ({ ...row, price: price_cents / 100 })))
})

test('search forgives a slip of the fingers, more than one in a long word', async () => {
  const { id } = await offered({ brand: 'Volkswagen', model: 'Saveiro Cross' })
  const slips = {
    'a letter that is missing': 'savero',
    'one too many': 'saveirro',
    'one that is wrong': 'saviero',
    'neighbours swapped': 'crsos',
    'a word begun': 'volks',
    'two slips': 'wolksvagen',
    'no accents, any case, any order': 'SAVÉIRO volkswagen',
  }
  for (const [slip, q] of Object.entries(slips)) assert.ok((await found(q)).includes(id), `${slip}: ${q}`)
  for (const q of ['savana', 'saveiro fiat', 'grelha']) assert.ok(!(await found(q)).includes(id), q)
})

test('search knows colour, year, body and version as it knows the name, and the words that people use instead', async () => {
  const facts = { brand: 'Fiat', model: 'Strada', year: 2022, model_year: 2023, version: 'Volcano', body: 'picape' }
  const strada = await offered({ ...facts, color: 'Branco' })
  const grey = await offered({ ...facts, color: 'Cinza', year: 2020, model_year: 2020 })
  for (const q of ['strada branca', 'fiat 2023', 'strada 2022', 'STRADA volcano pickup branco', 'estrada branco'])
    for (const shelf of ['', '&status_filter=available']) {
      const ids = await found(q, shelf)
      assert.ok(ids.includes(strada.id) && !ids.includes(grey.id), `${q}${shelf}: ${ids}`)
    }
  const gol = await offered({ brand: 'Volkswagen', model: 'Gol' })
  const onix = await offered({ brand: 'Chevrolet', model: 'Onix' })
  const hyundai = await offered({ brand: 'Hyundai', model: 'HB20S' })
  for (const [q, { id }] of [
    ['vw gol', gol],
    ['gm onix', onix],
    ['hb 20s', hyundai],
  ] as const)
    assert.ok((await found(q)).includes(id), q)
  await call('PUT', `/vehicles/${strada.id}`, { color: 'Vermelho' })
  assert.ok(!(await found('strada branca')).includes(strada.id), 'it is found by what it is now')
  assert.ok((await found('strada vermelha', '&status_filter=available')).includes(strada.id))
})

test('vehicles from before their colour was a word are given theirs', async () => {
  const { id } = await offered({ model: 'Antigo', color: 'Bege' })
  await database.query(`alter table vehicles disable trigger vehicles_terms`)
  await database.query(`update vehicles set terms = '{}' where id = $1`, [id])
  await database.query(`update vehicle_offers set terms = '{}' where id = $1`, [id])
  await database.query(`alter table vehicles enable trigger vehicles_terms`)
  assert.deepEqual(await found('antigo bege'), [])
  assert.ok((await fillTerms(database)) >= 1)
  assert.deepEqual([await found('antigo bege'), await found('antigo bege', '&status_filter=available')], [[id], [id]])
  assert.equal(await fillTerms(database), 0)
})

test('a filter takes several values, and facets count the same list', async () => {
  const some = async (facts: object) => (await offered({ model: 'Facetado', price: 60_000, ...facts })).id as number
  const white = await some({ color: 'Branco', fuel: 'flex', body: 'sedã', mileage_km: 10_000, brand: 'Lada' })
  const black = await some({ color: 'preta', fuel: 'diesel', body: 'SUV', mileage_km: 90_000, brand: 'Gurgel' })
  const green = await some({ color: 'Verde', transmission: 'CVT', year: 2019, brand: 'Lada' })
  const ids = async (query: string) => (await list(`model=facetado&${query}`)).vehicles.map(({ id }) => id).sort()
  for (const shelf of ['', '&status_filter=available']) {
    assert.deepEqual(await ids(`color=branca,PRETO${shelf}`), [white, black])
    assert.deepEqual(await ids(`color=branca,preto&fuel=diesel${shelf}`), [black])
    assert.deepEqual(await ids(`body=sedan,suv&mileage_max=50000${shelf}`), [white])
    assert.deepEqual(await ids(`brand=lada,nenhuma${shelf}`), [white, green])
    assert.deepEqual(await ids(`brand=lada,gurgel&transmission=cvt${shelf}`), [green])
    const inOrder = await list(`model=facetado&sort_by=mileage_asc${shelf}`)
    assert.deepEqual(
      inOrder.vehicles.map(({ id }) => id),
      [white, black, green],
      'those that say no mileage come last',
    )
    const newest = await list(`model=facetado&sort_by=newest${shelf}`)
    assert.deepEqual(
      newest.vehicles.map(({ id }) => id),
      [green, black, white],
    )
  }
  const { status, body } = await call('GET', '/vehicles/facets?model=facetado&status_filter=available', undefined, '')
  assert.equal(status, 200, JSON.stringify(body))
  const { facets } = body
  assert.deepEqual(facets.brand, [
    { value: 'Lada', count: 2 },
    { value: 'Gurgel', count: 1 },
  ])
  assert.deepEqual(facets.year, [
    { value: 2019, count: 1 },
    { value: 2020, count: 2 },
  ])
  assert.deepEqual(facets.price, [{ value: 50_000, count: 3 }])
  assert.deepEqual(facets.transmission, [{ value: 'CVT', count: 1 }])
  assert.equal((await call('GET', '/vehicles/facets', undefined, '')).status, 401)
  const one = await call('GET', '/vehicles/facets?model=facetado&color=verde')
  assert.deepEqual(one.body.facets.brand, [{ value: 'Lada', count: 1 }])
})

test('a client who has the list already gets 304, and public answers may be cached for seconds', async () => {
  const { id } = await offered({ model: 'Guardado' })
  for (const url of [
    '/vehicles?model=guardado&status_filter=available',
    `/vehicles/${id}`,
    `/vehicles?ids=${id}&status_filter=available`,
  ]) {
    const first = await call('GET', url, undefined, '')
    assert.deepEqual([first.status, first.headers['cache-control']], [200, 'public, max-age=5'], url)
    const again = await call('GET', url, undefined, '', { 'if-none-match': String(first.headers.etag) })
    assert.deepEqual([again.status, again.body], [304, null], url)
    await call('PUT', `/vehicles/${id}`, { description: url })
    const changed = await call('GET', url, undefined, '', { 'if-none-match': String(first.headers.etag) })
    assert.equal(changed.status, 200, url)
    assert.equal((await call('GET', url)).headers['cache-control'], 'no-store', 'what staff see is theirs')
  }
})

test('search knows a model by its digits, and names with a hyphen however they are typed', async () => {
  const [hb20, hrv] = [(await offered({ model: 'HB20' })).id, (await offered({ brand: 'Honda', model: 'HR-V' })).id]
  assert.ok((await found('hb20')).includes(hb20))
  assert.ok(!(await found('hb30')).includes(hb20))
  for (const q of ['hrv', 'HR-V', 'honda hr']) assert.ok((await found(q)).includes(hrv), q)
})

test('a vehicle is found by its present name', async () => {
  const { id } = await offered({ model: 'Marajó' })
  assert.deepEqual(await found('marajo'), [id])
  assert.equal((await call('PUT', `/vehicles/${id}`, { model: 'Ipanema' })).status, 200)
  assert.deepEqual([await found('marajo'), await found('ipanema')], [[], [id]])
  assert.deepEqual(await found('ipanema', '&status_filter=available'), [id])
})

test('a brand counts as one in filters and in the order, however its accents are composed or left out', async () => {
  const together = await offered({ brand: 'Citro\u00ebn', model: 'Xantia' })
  const apart = await offered({ brand: 'Citroe\u0308n', model: 'Xantia' })
  const [agile, zeta] = [
    await offered({ brand: '\u00c1gile', model: 'Xantia' }),
    await offered({ brand: 'Zeta', model: 'Xantia' }),
  ]
  const kept = await call('GET', `/vehicles/${apart.id}`)
  assert.equal(kept.body.brand, 'Citro\u00ebn', 'it is kept composed')
  const xantias = async (query: string) => (await list(`model=xantia&${query}`)).vehicles.map(({ id }) => id)
  const citroens = [together.id, apart.id]
  for (const brand of ['Citro\u00ebn', 'Citroe\u0308n', 'citroen', 'CITRO\u00cbN'])
    for (const shelf of ['', '&status_filter=available'])
      assert.deepEqual((await xantias(`brand=${encodeURIComponent(brand)}${shelf}`)).sort(), citroens, brand)
  const inOrder = (await walk('sort_by=brand_asc&model=xantia&limit=1')).map(({ id }) => id)
  assert.deepEqual(inOrder, [agile.id, ...citroens, zeta.id])
  assert.deepEqual(await xantias('brand=citro'), [], 'the whole name')
})

test('search looks at words alone: signs and blanks change nothing', async () => {
  const { id } = await offered({ model: 'Chevette' })
  assert.deepEqual(await found(`'); drop table vehicles; -- chevette`), [])
  assert.deepEqual(await found(' chevette -- % '), [id])
  const blank = await list('q=%20&limit=1')
  assert.equal(blank.total, (await list('limit=1')).total)
  assert.deepEqual(await found('zzzzzz'), [])
})

test('a part of a model’s name finds it, whatever the part', async () => {
  const { id } = await offered({ brand: 'Fiat', model: 'Elba Weekend 1.5' })
  for (const part of ['elba weekend', 'BA WEEK', 'end 1.', '1.5', 'Elba Weekend 1.5']) {
    assert.ok(
      (await list(`model=${encodeURIComponent(part)}&brand=fiat`)).vehicles.some((one) => one.id === id),
      part,
    )
  }
  assert.equal((await list('model=weekend%20elba')).total, 0)
})

test('filtered lists are exact and in order, near the start and far from it', async () => {
  const filters = fc.record({
    sort: fc.constantFrom(...sorts),
    model: fc.constantFrom(undefined, 'tocantins', 'ara'),
    q: fc.constantFrom(undefined, 'gurgel', 'puma tocantin', 'karajas'),
    year_min: fc.option(fc.integer({ min: 1960, max: 1990 }), { nil: undefined }),
    year_max: fc.option(fc.integer({ min: 1960, max: 1990 }), { nil: undefined }),
    price_min: fc.option(fc.integer({ min: 5_000, max: 5_060 }), { nil: undefined }),
    price_max: fc.option(fc.integer({ min: 5_000, max: 5_060 }), { nil: undefined }),
    status_filter: fc.constantFrom(undefined, 'available'),
  })
  const means: Readonly<Record<string, (row: Row) => boolean>> = {
    gurgel: ({ brand }) => brand.toLowerCase() === 'gurgel',
    'puma tocantin': ({ brand, model }) => brand === 'Puma' && model === 'Tocantins',
    karajas: ({ model }) => model === 'Carajás',
  }
  await fc.assert(
    fc.asyncProperty(filters, async ({ sort, ...filter }) => {
      const { model = '', q, year_min = 0, year_max = 3_000, price_min = 0, price_max = 6_000 } = filter
      const expected = crowd
        .filter((row) => row.model.toLowerCase().includes(model) && (q === undefined || means[q]?.(row)))
        .filter(({ year, price }) => year >= year_min && year <= year_max && price >= price_min && price <= price_max)
        .sort(orders[sort])
      const given = Object.entries(filter).filter(([, value]) => value !== undefined)
      const query = new URLSearchParams(given.map(([name, value]) => [name, String(value)]))
      query.set('price_max', String(price_max)) // leaves out what other tests offer
      query.set('sort_by', sort)
      const { vehicles, total, next_cursor } = await list(`${query}&limit=7`)
      assert.equal(total, expected.length)
      const idsOf = (rows: readonly Row[]) => rows.map(({ id }) => id)
      assert.deepEqual(idsOf(vehicles), idsOf(expected.slice(0, 7)))
      if (next_cursor === null) return assert.ok(total <= 7)
      const second = await list(`${query}&limit=100&cursor=${next_cursor}`)
      assert.deepEqual(idsOf(second.vehicles), idsOf(expected.slice(7, 107)))
    }),
    { numRuns: 60 },
  )
})

test('whoever pages while the list changes meets everything that stayed, once and in order', async () => {
  const stock: { id: number; price: number }[] = []
  for (let n = 0; n < 24; n += 1) {
    stock.push(await offered({ model: 'Movimentado', price: 20_000 + (n % 6), year: 2000 + (n % 5) }))
  }
  for (const sort of sorts) {
    const leaving = stock.splice(0, 3)
    const seen = await walk(`model=movimentado&status_filter=available&sort_by=${sort}&limit=4`, async (page) => {
      const gone = leaving.pop()
      if (gone) await reservedBySomebody(gone)
      if (page % 2) await offered({ model: 'Movimentado', price: 20_000 + page, year: 2000 + page })
    })
    const ids = seen.map(({ id }) => id)
    assert.equal(new Set(ids).size, ids.length, `${sort}: each at most once`)
    for (const { id } of stock) assert.ok(ids.includes(id), `${sort}: ${id} was there all the time`)
    assert.deepEqual(
      ids,
      [...seen].sort(orders[sort]).map(({ id }) => id),
    )
  }
})

test('each status has its list', async () => {
  const [shown, held, gone] = [
    await offered({ model: 'Prateleira' }),
    await offered({ model: 'Prateleira' }),
    await offered({ model: 'Prateleira' }),
  ]
  await reservedBySomebody(held)
  await sell(gone.id)
  for (const [shelf, { id }] of Object.entries({ available: shown, reserved: held, sold: gone })) {
    for (const sort of sorts) {
      const { vehicles, total } = await list(`model=prateleira&status_filter=${shelf}&sort_by=${sort}`)
      assert.deepEqual([vehicles.map((one) => one.id), total], [[id], 1], `${shelf} by ${sort}`)
    }
  }
  assert.equal((await list('model=prateleira')).total, 3)
})

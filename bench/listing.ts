/**
 * `npm run bench:listing [-- --vehicles 1000000 --rounds 20]`: lists among a million vehicles, from the service's own
 * statements on a throw-away database: pages at depth against the first one, searches and filters against the plain list, few
 * on sale among a million sold, and what a reserve-and-sell costs with the table of offers against other ways. Times are medians, totals included.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createDatabaseIfMissing, type Database, openDatabase } from '#platform/database/database'
import { migrate } from '#platform/database/migrate'
import { keyFile } from '#platform/vault/key-file'
import { openVault } from '#platform/vault/vault'
import { startEmbeddedPostgres } from '../app/embedded/postgres.ts'
import {
  type Filter,
  listVehicles,
  type Place,
  type Shelf,
  type Sort,
} from '../services/veiculo-service/vehicles/listing-store.ts'
import { sealPlainPapers } from '../services/veiculo-service/vehicles/plain-papers-store.ts'
import { changeHands } from './change-hands.ts'

const { values: options } = parseArgs({
  options: { vehicles: { type: 'string', default: '1000000' }, rounds: { type: 'string', default: '20' } },
})
const VEHICLES = Number(options.vehicles)
const ROUNDS = Number(options.rounds)
const PAGE = 51
/** At any depth, a page may cost at most so many times the first page of the plain list. */
const AIM = 3

const keys = {
  price_asc: 'price_cents',
  price_desc: 'price_cents',
  year_desc: 'year',
  brand_asc: 'lower(brand)',
  newest: 'id',
  mileage_asc: 'coalesce(mileage_km, 10000000)',
} as const
const plain: Filter = {
  ...{ shelf: 'any', q: null, brands: null, model: null, year_min: null, year_max: null },
  ...{ price_min_cents: null, price_max_cents: null, mileage_max: null },
  ...{ bodies: null, fuels: null, transmissions: null, colors: null },
}
const wanted: Readonly<Record<string, Partial<Filter>>> = {
  'q=onix, many': { q: 'onix' },
  'q=fiat estrada, some': { q: 'fiat estrada' },
  'q=opla, few, all old': { q: 'opla' },
  'brand=citroën': { brands: ['citroën'] },
  'model=opala': { model: 'opala' },
  'year=2000': { year_min: 2000, year_max: 2000 },
}

const folder = await mkdtemp(join(tmpdir(), 'mercado-veiculo-listing-'))
const postgres = await startEmbeddedPostgres({ directory: join(folder, 'postgres'), port: 0, durable: false })
const url = new URL(postgres.url)
url.pathname = '/listing'
await createDatabaseIfMissing(url.href)
const database = openDatabase({ url: url.href, poolSize: 2, patienceMs: 0, onIdleError: () => {} })
await migrate(
  database,
  ['messaging', 'services/veiculo-service'].map((owner) => new URL(`../${owner}/migrations/`, import.meta.url)),
)
const vault = await openVault(database, keyFile(join(folder, 'key.json'), { makes: true }), 'veiculo-service')
try {
  console.log(`${VEHICLES} vehicles, all on sale`)
  await fill(database)
  await sealPlainPapers(database, vault)
  await database.query('vacuum analyze')
  await showDepths('available')
  await showWanted('available')
  console.log('all of them, whatever their status')
  await showDepths('any')
  await showWanted('any')
  console.log('reserving and selling (32 vehicles a transaction)')
  await changeHands(database)
  console.log('one in a thousand still on sale')
  await database.query(`update vehicles set status = 'sold', sold_at = now() where id % 1000 <> 0`)
  await database.query(`delete from vehicle_offers where id % 1000 <> 0`)
  await database.query('vacuum analyze')
  await showDepths('available')
  await showDepths('sold')
  await showWanted('sold')
} finally {
  await database[Symbol.asyncDispose]()
  await postgres[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
}

/** Prices, years and names are spread as chance has it; one in five thousand is an Opala, all from before 1993. */
async function fill(into: Database) {
  await into.query(
    `insert into vehicles (brand, model, year, color, price_cents, license_plate, chassi_number, renavam,
       created_at, updated_at)
     select brands[1 + dice[1] % cardinality(brands)],
       case when n % 5000 = 0 then 'Opala' else models[1 + dice[2] % cardinality(models)] end || trims[1 + dice[3] % cardinality(trims)],
       case when n % 5000 = 0 then 1968 + dice[4] % 25 else 1990 + dice[4] % 37 end,
       'Prata', 1000000 + dice[5] % 20000000, 'P' || n, 'C' || n, lpad(n::text, 11, '0'), now(), now()
     from generate_series(1, $1::int) as n,
       lateral (select array(select hashint8extended(n, seed) & 2147483647 from generate_series(1, 5) as seed)) as thrown (dice),
       (values (array['Fiat', 'Chevrolet', 'Volkswagen', 'Toyota', 'Hyundai', 'Jeep', 'Honda', 'Renault', 'Nissan', 'Ford', 'Citroën', 'Peugeot'],
         array['Strada', 'Ônix', 'Polo', 'Corolla', 'HB20', 'Compass', 'Civic', 'Kwid', 'Kicks', 'Ka', 'C3', '208', 'Argo', 'Hilux', 'Creta', 'HR-V'],
         array[' Volcano', ' LTZ 1.0', ' Highline', ' XEi 2.0', ''])) as names (brands, models, trims)`,
    [VEHICLES],
  )
  await into.query(`insert into vehicle_offers select id, brand, model, year, price_cents, words from vehicles`)
  await into.query(`insert into vehicle_words select distinct unnest(words) from vehicles`)
  // a language of its own size around those names
  await into.query(
    `insert into vehicle_words select substr(md5(n::text), 1, 3 + n % 8) from generate_series(1, 10000) as n on conflict do nothing`,
  )
  await into.query('vacuum analyze')
}

async function showDepths(shelf: Shelf) {
  const filter = { ...plain, shelf }
  for (const sort of Object.keys(keys) as Sort[]) {
    const first = await median(filter, sort, undefined)
    const middle = await median(filter, sort, await placeAt(shelf, sort, 0.5))
    const last = await median(filter, sort, await placeAt(shelf, sort, 1))
    show(`${shelf}, ${sort}: first page`, first, [`half-way ${times(middle, first)}`, `last ${times(last, first)}`])
    if (Math.max(middle, last) > AIM * first) process.exitCode = 1
  }
}

async function showWanted(shelf: Shelf) {
  const first = await median({ ...plain, shelf }, 'price_asc', undefined)
  for (const [what, filter] of Object.entries(wanted)) {
    const [cheapest, newest] = [
      await median({ ...plain, ...filter, shelf }, 'price_asc', undefined),
      await median({ ...plain, ...filter, shelf }, 'year_desc', undefined),
    ]
    show(`${shelf}, ${what}: cheapest`, cheapest, [`newest ${ms(newest)}`, `${times(cheapest, first)} the plain list`])
  }
}

async function placeAt(shelf: Shelf, sort: Sort, share: number): Promise<Place | undefined> {
  const key = keys[sort]
  const rows = shelf === 'available' ? 'vehicle_offers' : 'vehicles'
  const direction = sort.endsWith('desc') ? 'desc' : 'asc'
  const [place] = await database.query<Place>(
    `select ${key} as key, id from ${rows} order by ${key} ${direction}, id ${direction}
     offset greatest((select ((count(*) - ${2 * PAGE}) * $1::float)::bigint from ${rows}), 0) limit 1`,
    [share],
  )
  return place
}

/** Milliseconds. */
async function median(filter: Filter, sort: Sort, after: Place | undefined): Promise<number> {
  const taken: number[] = []
  for (let round = -6; round < ROUNDS; round += 1) {
    const begun = performance.now()
    await listVehicles(database, vault, filter, sort, after, PAGE)
    if (round >= 0) taken.push(performance.now() - begun)
  }
  return taken.sort((one, other) => one - other)[Math.floor(ROUNDS / 2)] ?? 0
}

function show(what: string, milliseconds: number, more: readonly string[]) {
  console.log(`  ${what.padEnd(44)} ${ms(milliseconds).padStart(9)}   ${more.join('   ')}`)
}

function ms(milliseconds: number): string {
  return `${milliseconds.toFixed(1)} ms`
}

function times(one: number, other: number): string {
  return `${(one / other).toFixed(2)} x`
}

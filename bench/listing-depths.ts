/**
 * Lists from the service's own statements on a throw-away database, with nothing remembered: pages at depth against the first one,
 * searches and filters against the plain list, few vehicles on sale among many sold, and the cost of a reservation and sale with the
 * table of offers and without it. Times are medians and include totals.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDatabaseIfMissing, openDatabase } from '#platform/database/database'
import { keyFile } from '#platform/vault/key-file'
import { openVault } from '#platform/vault/vault'
import { startEmbeddedPostgres } from '../app/embedded/postgres.ts'
import {
  type Filter,
  findsNothing,
  type Place,
  pageOf,
  type Shelf,
  type Sort,
  totalOfList,
  wordsOf,
} from '../services/veiculo-service/vehicles/listing-store.ts'
import { sealPlainPapers } from '../services/veiculo-service/vehicles/plain-papers-store.ts'
import { openedForList } from '../services/veiculo-service/vehicles/vehicle-store.ts'
import { changeHands } from './change-hands.ts'
import { ROUNDS, VEHICLES } from './listing-options.ts'
import { fillVehicles, migrateVehicles } from './vehicles.ts'

const PAGE = 51
/** The aim: at any depth, a page costs at most this many times the first page of the plain list. */
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
await migrateVehicles(database)
const vault = await openVault(database, keyFile(join(folder, 'key.json'), { makes: true }), 'veiculo-service')
try {
  console.log(`${VEHICLES} vehicles, all on sale`)
  await fillVehicles(database, VEHICLES)
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

async function list(filter: Filter, sort: Sort, after: Place | undefined) {
  const words = await wordsOf(database, filter)
  if (findsNothing(words)) return
  const [found] = await Promise.all([
    pageOf(database, filter, words, sort, after, PAGE),
    totalOfList(database, filter, words),
  ])
  await openedForList(vault, found)
}

/** Milliseconds. */
async function median(filter: Filter, sort: Sort, after: Place | undefined): Promise<number> {
  const taken: number[] = []
  for (let round = -6; round < ROUNDS; round += 1) {
    const begun = performance.now()
    await list(filter, sort, after)
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

/**
 * The cost of two changes of a vehicle's status, reserved and sold, by the service's own statements. It is compared with partial
 * indexes on vehicles on sale in place of the table of offers, and with neither.
 */
import type { Database } from '#platform/database/database'
import type { Stock } from '../services/veiculo-service/domain/vehicle.ts'
import { updateStock } from '../services/veiculo-service/reservations/reservation-store.ts'

const BATCH = 32
const ROUNDS = 200

const PARTIAL_INDEXES = [
  `create index partial_by_price on vehicles (price_cents, id) where status = 'available'`,
  `create index partial_by_year on vehicles (year, id) where status = 'available'`,
  `create index partial_by_brand on vehicles (lower(brand), id) where status = 'available'`,
  `create index partial_words on vehicles using gin (words) where status = 'available'`,
]

/** Uses up the first vehicles, which must be on sale. */
export async function changeHands(database: Database): Promise<void> {
  const offers = await measure(database, 1, async (tx, vehicles) => updateStock(tx, vehicles, new Date()))
  const neither = await measure(database, 1 + BATCH * ROUNDS, updateAlone)
  for (const index of PARTIAL_INDEXES) await database.query(index)
  const indexes = await measure(database, 1 + 2 * BATCH * ROUNDS, updateAlone)
  for (const index of PARTIAL_INDEXES) await database.query(`drop index ${index.split(' ')[2]}`)
  console.log(`  with a table of offers          ${row(offers)}`)
  console.log(`  with partial indexes instead    ${row(indexes)}`)
  console.log(`  with neither                    ${row(neither)}`)
}

const updateAlone: Change = async (tx, vehicles) =>
  tx.write(
    `update vehicles set status = new.status, reserved_by = new.reserved_by, sold_at = new.sold_at,
       sold_to_transaction = new.sold_to, pickup_code = new.pickup_code, pickup_print = new.pickup_print,
       revision = new.revision, updated_at = now()
     from unnest($1::bigint[], $2::text[], $3::uuid[], $4::timestamptz[], $5::uuid[], $6::text[], $7::text[],
         $8::bigint[])
       as new(id, status, reserved_by, sold_at, sold_to, pickup_code, pickup_print, revision)
     where vehicles.id = new.id`,
    (
      [
        'id',
        'status',
        'reserved_by',
        'sold_at',
        'sold_to_transaction',
        'pickup_code',
        'pickup_print',
        'revision',
      ] as const
    ).map((column) => vehicles.map((vehicle) => vehicle[column])),
  )

type Change = (tx: Parameters<Parameters<Database['transaction']>[0]>[0], vehicles: readonly Stock[]) => Promise<void>

interface Cost {
  readonly microseconds: number
  readonly wal_bytes: number
  readonly hot: number
}

/** For each vehicle, its two changes together. */
async function measure(database: Database, first: number, change: Change): Promise<Cost> {
  const before = await counters(database)
  const begun = performance.now()
  for (let round = 0; round < ROUNDS; round += 1) {
    const ids = Array.from({ length: BATCH }, (_, index) => first + round * BATCH + index)
    await database.transaction((tx) => change(tx, ids.map(reserved)))
    await database.transaction((tx) => change(tx, ids.map(sold)))
  }
  const taken = performance.now() - begun
  const after = await counters(database)
  const vehicles = BATCH * ROUNDS
  return {
    microseconds: (taken * 1_000) / vehicles,
    wal_bytes: (after.wal - before.wal) / vehicles,
    hot: (after.hot - before.hot) / (2 * vehicles),
  }
}

async function counters(database: Database): Promise<{ wal: number; hot: number }> {
  await database.query('select pg_stat_force_next_flush()')
  const [row] = await database.query<{ wal: number; hot: number }>(
    `select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint as wal, n_tup_hot_upd as hot
     from pg_stat_user_tables where relname = 'vehicles'`,
  )
  if (!row) throw new Error('there is no table of vehicles')
  return row
}

const BUYER = '0198c0de-0000-7000-8000-000000000001'
const nothing = {
  price_cents: 1,
  reserved_by: null,
  sold_to_transaction: null,
  pickup_code: null,
  pickup_print: null,
  sold_at: null,
  return_id: null,
} as const

const reserved = (id: number): Stock => ({
  ...nothing,
  id,
  revision: 2,
  status: 'reserved',
  reserved_by: BUYER,
  picked_up_at: null,
})

const sold = (id: number): Stock => ({
  ...nothing,
  id,
  revision: 3,
  status: 'sold',
  sold_to_transaction: BUYER,
  pickup_code: 'v1.1.c2l4dHkgYnl0ZXMsIGFzIG1hbnkgYXMgYSBjb2RlIGhhcyBzZWFsZWQ',
  pickup_print: 'forty-three-characters-of-a-keyed-hash-it-is',
  sold_at: new Date(),
  picked_up_at: null,
})

const row = ({ microseconds, wal_bytes, hot }: Cost) =>
  `${microseconds.toFixed(0)} µs a vehicle   ${(wal_bytes / 1_000).toFixed(1)} kB of log   ${(hot * 100).toFixed(0)} % of updates on their page`

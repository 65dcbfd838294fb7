/**
 * The SQL of vehicles, except for who has them (reservation-store.ts) and their list (listing-store.ts). Their identifiers lie
 * sealed in `vehicle_papers`. Only this file seals and opens them: its callers see plain texts.
 */
import type { Queryable, Tx } from '#platform/database/database'
import type { Versioned } from '#platform/http/etag'
import type { SealedTable } from '#platform/vault/reseal-store'
import type { Vault } from '#platform/vault/vault'
import type { Counter } from '../domain/pickup.ts'
import type { Restrictions } from '../domain/restrictions.ts'
import { type Details, mercosulPlate, type Papers, type Unidentified, type Vehicle } from '../domain/vehicle.ts'

const PAPERS = {
  name: 'vehicle_papers',
  key: 'vehicle_id',
  columns: ['license_plate', 'chassi_number', 'renavam'],
} as const satisfies SealedTable

export const sealedTables: readonly SealedTable[] = [
  PAPERS,
  { name: 'vehicles', key: 'id', columns: ['received_by', 'pickup_code'] },
]

const OPEN = `vehicles.id, brand, model, year, color, price_cents, mileage_km, fuel, transmission, description, photos,
  documentation, model_year, version, body, doors, options, restrictions, status, reserved_by, sold_to_transaction, pickup_code, pickup_print, sold_at, picked_up_at, return_id, revision,
  previous_vehicle_id, created_at, updated_at, vehicles.xmin::text as row_version`

const SEALED = `${PAPERS.columns.map((column) => `vehicle_papers.${column}`).join(', ')}, vehicles.received_by`

const PHOTO_FILES = `coalesce((select jsonb_agg(jsonb_build_object('id', id, 'hash', hash, 'width', width, 'height', height,
    'placeholder', placeholder) order by place, id)
  from vehicle_photos where vehicle_photos.vehicle_id = vehicles.id), '[]') as photo_files`

export const COLUMNS = `${OPEN}, ${SEALED}, ${PHOTO_FILES}`
export const VEHICLES = `vehicles join vehicle_papers on vehicle_papers.vehicle_id = vehicles.id`

/** A vehicle as a row: with the version that an entity tag is made of. */
export type VehicleRow = Vehicle & Versioned

/** How a vehicle begins. */
export interface Beginning {
  readonly status: 'available' | 'preparation'
  readonly restrictions: Restrictions | null
}

/**
 * Inserts it on sale or in preparation. Throws on `vehicles_plate_unique`, `vehicles_chassi_unique` and
 * `vehicles_renavam_unique`, which are unique among the vehicles in the house: a car that was picked up comes in as a new
 * vehicle.
 */
export async function insertVehicle(
  tx: Tx,
  vault: Vault,
  details: Details,
  now: Date,
  { status, restrictions }: Beginning = { status: 'available', restrictions: null },
): Promise<VehicleRow> {
  const papers = papersOf(details)
  const prints = fingerprintsOf(vault, papers)
  const [previous_id, sealer, [next]] = await Promise.all([
    leaveToNext(tx, prints),
    vault.sealing(tx),
    tx.query<{ id: number }>(`select nextval(pg_get_serial_sequence('vehicles', 'id')) as id`),
  ])
  if (!next) throw new Error('the sequence has no number')
  const [row] = await tx.query<Unidentified & Versioned>(
    `with added as (insert into vehicles (brand, model, year, color, price_cents, mileage_km, fuel, transmission,
       description, photos, documentation, model_year, version, body, doors, options, id, created_at, updated_at,
       previous_vehicle_id, status, restrictions)
     overriding system value values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $18,
       $25, $26, $27)
       returning ${OPEN}, words, terms),
     papers as (insert into vehicle_papers (vehicle_id, ${PAPERS.columns.join(', ')},
         plate_fingerprint, chassi_fingerprint, renavam_fingerprint)
       select id, $19, $20, $21, $22, $23, $24 from added),
     offered as (insert into vehicle_offers (id, brand, model, year, price_cents, words, terms, mileage_km)
       select id, brand, model, year, price_cents, words, terms, mileage_km from added where status = 'available'),
     ${learnt('added')}
     select * from added`,
    [
      ...columnsOf(details),
      next.id,
      now,
      ...sealedOf(sealer.sealAll(PAPERS.name, next.id, papers)),
      ...prints,
      previous_id,
      status,
      restrictions && JSON.stringify(restrictions),
    ],
  )
  if (!row) throw new Error('the insert returned no row')
  return { ...row, ...papers, received_by: null, photo_files: [] }
}

/**
 * The last vehicle with this chassi number or RENAVAM. Every vehicle that has any of these papers and was picked up counts as out
 * of stock from now on. They are locked: if a return of one opens first, this offer is refused; if it opens later, the return is.
 */
async function leaveToNext(tx: Tx, prints: readonly string[]): Promise<number | null> {
  const before = await tx.query<{ id: number; is_same: boolean; has_left: boolean }>(
    `select vehicles.id, chassi_fingerprint = $2 or renavam_fingerprint = $3 as is_same,
       (status = 'picked_up' and return_id is null) or status = 'returned_to_owner' as has_left
     from ${VEHICLES} where plate_fingerprint = $1 or chassi_fingerprint = $2 or renavam_fingerprint = $3
     order by vehicles.id for update`,
    prints,
  )
  const left = before.filter(({ has_left }) => has_left)
  if (left.length > 0)
    await tx.query(`update vehicle_papers set in_house = false where vehicle_id = any($1::bigint[]) and in_house`, [
      left.map(({ id }) => id),
    ])
  return left.findLast(({ is_same }) => is_same)?.id ?? null
}

/** Returns the row's new version. Throws as insertVehicle does. Changes what the vehicle is, not who has it. */
export async function updateDetails(tx: Tx, vault: Vault, vehicle: VehicleRow): Promise<VehicleRow> {
  const papers = papersOf(vehicle)
  const sealed = (await vault.sealing(tx)).sealAll(PAPERS.name, vehicle.id, papers)
  const [written] = await tx.query<Pick<VehicleRow, 'row_version'>>(
    `with amended as (update vehicles set brand = $1, model = $2, year = $3, color = $4, price_cents = $5,
       mileage_km = $6, fuel = $7, transmission = $8, description = $9, photos = $10, documentation = $11,
       model_year = $12, version = $13, body = $14, doors = $15, options = $16, updated_at = $17, revision = $18
       where id = $19 returning *, xmin::text as row_version),
     papers as (update vehicle_papers set license_plate = $20, chassi_number = $21, renavam = $22,
         plate_fingerprint = $23, chassi_fingerprint = $24, renavam_fingerprint = $25
       where vehicle_id = $19),
     offered as (update vehicle_offers as offer set brand = amended.brand, model = amended.model, year = amended.year,
         price_cents = amended.price_cents, words = amended.words, terms = amended.terms, mileage_km = amended.mileage_km
       from amended where offer.id = amended.id),
     ${learnt('amended')}
     select row_version from amended`,
    [
      ...columnsOf(vehicle),
      ...[vehicle.updated_at, vehicle.revision, vehicle.id],
      ...sealedOf(sealed),
      ...fingerprintsOf(vault, papers),
    ],
  )
  return { ...vehicle, ...written }
}

/** Adds words that search knows, in their order, so that two offers with the same new words never deadlock. */
const learnt = (changed: string) =>
  `learnt as (insert into vehicle_words (word)
     select unnest(words || terms) from ${changed} order by 1 on conflict (word) do nothing)`

const columnsOf = (details: Details) => [
  details.brand,
  details.model,
  details.year,
  details.color,
  details.price_cents,
  details.mileage_km,
  details.fuel,
  details.transmission,
  details.description,
  details.photos && JSON.stringify(details.photos), // the driver would send an array as a PostgreSQL array
  details.documentation && JSON.stringify(details.documentation),
  details.model_year,
  details.version,
  details.body,
  details.doors,
  details.options && JSON.stringify(details.options),
]

const papersOf = ({ license_plate, chassi_number, renavam }: Papers) => ({ license_plate, chassi_number, renavam })

/** In the order of the columns. */
const sealedOf = (papers: Papers) => PAPERS.columns.map((column) => papers[column])

/** The unique values, in the order of the columns. Both forms of one car's plate count as one. */
export const fingerprintsOf = (vault: Vault, { license_plate, chassi_number, renavam }: Papers) => [
  vault.fingerprint('vehicle_papers.license_plate', mercosulPlate(license_plate)),
  vault.fingerprint('vehicle_papers.chassi_number', chassi_number),
  vault.fingerprint('vehicle_papers.renavam', renavam),
]

const FINGERPRINTS = ['plate_fingerprint', 'chassi_fingerprint', 'renavam_fingerprint'] as const

/** Opens the sealed columns of these rows. */
const opened = <Row extends Sealed>(vault: Vault, rows: readonly Row[]): Promise<Row[]> =>
  Promise.all(rows.map((row) => openedRow(vault, row)))

/** A damaged row, or one whose key is lost, is shown without its sealed fields and does not break the page. */
export const openedForList = <Row extends Sealed>(vault: Vault, rows: readonly Row[]): Promise<Row[]> =>
  Promise.all(rows.map((row) => openedRow(vault, row).catch(() => ({ ...row, ...UNREADABLE }))))

type Sealed = Papers & Pick<Vehicle, 'id' | 'received_by'>

const UNREADABLE = { license_plate: '', chassi_number: '', renavam: '', received_by: null }

async function openedRow<Row extends Sealed>(vault: Vault, row: Row): Promise<Row> {
  const [papers, received] = await Promise.all([
    vault.openAll(PAPERS.name, row.id, papersOf(row)),
    vault.openAll('vehicles', row.id, { received_by: row.received_by }),
  ])
  return { ...row, ...papers, ...received }
}

/** The vehicles with these ids, in the order of their ids; unknown ids are left out. */
export const findVehicles = async (tx: Queryable, vault: Vault, ids: readonly number[]) =>
  (ids.length === 1 ? opened : openedForList)(
    vault,
    await tx.query<VehicleRow>(
      `select ${COLUMNS} from ${VEHICLES} where vehicles.id = any($1::bigint[]) order by vehicles.id`,
      [ids],
    ),
  )

/** The vehicles with exactly the given papers, normalised; at least one paper must be given. The latest vehicle comes first. */
export async function findByPaper(tx: Queryable, vault: Vault, sought: Partial<Papers>): Promise<VehicleRow[]> {
  const prints = fingerprintsOf(vault, { license_plate: '', chassi_number: '', renavam: '', ...sought })
  const given = PAPERS.columns.flatMap((column, index) => (sought[column] === undefined ? [] : [index]))
  const conditions = given.map((index, number) => `vehicle_papers.${FINGERPRINTS[index]} = $${number + 1}`)
  const rows = await tx.query<VehicleRow>(
    `select ${COLUMNS} from ${VEHICLES} where ${conditions.join(' and ')} order by vehicles.id desc`,
    given.map((index) => prints[index]),
  )
  // a fingerprint that was copied to another row finds nothing
  const own = (papers: Papers, index: number) => fingerprintsOf(vault, papers)[index] === prints[index]
  return (await openedForList(vault, rows)).filter((found) => given.every((index) => own(found, index)))
}

/** The fingerprints, of these, that vehicles in the house have. */
export async function inHouseOf(tx: Queryable, prints: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ print: string }>(
    `select print from unnest($1::text[]) as print where exists (select from vehicle_papers where in_house
       and print in (plate_fingerprint, chassi_fingerprint, renavam_fingerprint))`,
    [prints],
  )
  return new Set(rows.map(({ print }) => print))
}

export type StockRow = Pick<Vehicle, 'id' | 'brand' | 'model' | 'year' | 'price_cents' | 'status'>

/** Like findVehicles, but with only the fields that a purchase shows: nothing is opened. */
export const findStock = (tx: Queryable, ids: readonly number[]) =>
  tx.query<StockRow>(
    `select id, brand, model, year, price_cents, status from vehicles where id = any($1::bigint[]) order by id`,
    [ids],
  )

/** Nothing is opened. */
export const findUnidentified = (tx: Queryable, ids: readonly number[]) =>
  tx.query<Unidentified>(`select ${OPEN} from vehicles where id = any($1::bigint[]) order by id`, [ids])

/** From now on another vehicle may come in with the same papers. */
export const leaveHouse = (tx: Tx, id: number): void =>
  tx.write(`update vehicle_papers set in_house = false where vehicle_id = $1`, [id])

/** Locked in the order of their ids, so that two batches never deadlock. Nothing is opened. */
export const lockVehicles = (tx: Tx, ids: readonly number[]) =>
  tx.query<Unidentified & Versioned>(
    `select ${OPEN} from vehicles where id = any($1::bigint[]) order by id for update`,
    [ids],
  )

/** Locks both rows. If one were read without its lock, its older version would come back with the newer vehicle. */
export async function lockVehicle(tx: Tx, vault: Vault, id: number): Promise<VehicleRow | undefined> {
  const rows = await tx.query<VehicleRow>(`select ${COLUMNS} from ${VEHICLES} where vehicles.id = $1 for update`, [id])
  const [vehicle] = await opened(vault, rows)
  return vehicle
}

export async function lockCounter(tx: Tx, vault: Vault, id: number): Promise<Counter | undefined> {
  const rows = await tx.query<Counter>(
    `select ${COLUMNS}, pickup_failures, pickup_locked_until from ${VEHICLES} where vehicles.id = $1 for update`,
    [id],
  )
  const [counter] = await opened(vault, rows)
  return counter
}

export async function updateCounter(tx: Tx, vault: Vault, vehicle: Counter): Promise<void> {
  const { received_by } = vehicle
  const sealed =
    received_by === null ? null : (await vault.sealing(tx)).seal('vehicles.received_by', vehicle.id, received_by)
  if (vehicle.status === 'picked_up') leaveHouse(tx, vehicle.id)
  tx.write(
    `update vehicles set status = $2, picked_up_at = $3, received_by = $4, pickup_failures = $5, pickup_locked_until = $6,
       revision = $7, updated_at = $8, pickup_code = $9, pickup_print = $10
     where id = $1`,
    [
      vehicle.id,
      vehicle.status,
      vehicle.picked_up_at,
      sealed,
      vehicle.pickup_failures,
      vehicle.pickup_locked_until,
      vehicle.revision,
      vehicle.updated_at,
      vehicle.pickup_code,
      vehicle.pickup_print,
    ],
  )
}

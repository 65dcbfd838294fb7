/** Fills the table with the vehicles that a bench of lists needs, by one statement. */
import { createDatabaseIfMissing, type Database, openDatabase } from '#platform/database/database'
import { makeExtensions, migrate } from '#platform/database/migrate'

/**
 * Puts vehicles on sale into an empty table. Their papers are plain; the service seals them when it starts. Prices, years and names
 * are random; one in five thousand is an Opala, all from before 1993.
 */
export async function fillVehicles(into: Database, count: number): Promise<void> {
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
    [count],
  )
  await into.query(`insert into vehicle_offers select id, brand, model, year, price_cents, words from vehicles`)
  await into.query(`insert into vehicle_words select distinct unnest(words) from vehicles`)
  // other words, so that the search index has the size of a real language
  await into.query(
    `insert into vehicle_words select substr(md5(n::text), 1, 3 + n % 8) from generate_series(1, 10000) as n on conflict do nothing`,
  )
  await into.query('vacuum analyze')
}

/** Does the same in the database of a system that has not started yet. */
export async function fillShop(databaseServer: string, count: number): Promise<void> {
  const url = new URL(databaseServer)
  url.pathname = '/veiculo_service'
  await createDatabaseIfMissing(url.href)
  await using database = openDatabase({ url: url.href, poolSize: 2, patienceMs: 0, onIdleError: () => {} })
  await migrateVehicles(database)
  await fillVehicles(database, count)
}

/** The tables of veiculo-service, by a user who owns the server. */
export async function migrateVehicles(database: Database): Promise<void> {
  await makeExtensions(database, MIGRATIONS)
  await migrate(database, MIGRATIONS)
}

const MIGRATIONS = ['messaging', 'services/veiculo-service'].map(
  (owner) => new URL(`../${owner}/migrations/`, import.meta.url),
)

/** Fills the tables of four services with purchases completed long ago, as the services themselves would have left them. */
import pg from 'pg'

/** One a second, back from now. `$1`: how many; `id` is a version 7 UUID that all services derive alike from the number. */
const ids = (now: number) => `(
  select n, to_timestamp(${now}::float8 - ($1::int - n)) as at, (
    lpad(to_hex(((${now}::float8 - ($1::int - n)) * 1000)::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 3)
    || '8' || substr(md5(n::text), 4, 15))::uuid as id
  from generate_series(1, $1::int) as n) as finished`

const STEPS = `(values
  ('CREDIT_RESERVATION', 'STARTED', 'started'),
  ('VEHICLE_RESERVATION', 'IN_PROGRESS', 'events.credit.reserved'),
  ('PAYMENT_CODE_GENERATION', 'IN_PROGRESS', 'events.vehicle.reserved'),
  ('PAYMENT_PROCESSING', 'IN_PROGRESS', 'events.payment.code_generated'),
  ('MARK_VEHICLE_AS_SOLD', 'IN_PROGRESS', 'events.payment.processed'),
  ('SAGA_COMPLETE', 'COMPLETED', 'call_answered')) as steps (step, status, what)`

/** Their customers and vehicles have far-away ids, so that they meet no others. */
const FAR = 1_000_000_000

const STATEMENTS = (now: number): Readonly<Record<string, readonly string[]>> => ({
  orquestrador: [
    `insert into sagas (transaction_id, definition, version, customer_id, vehicle_id, amount_cents, payment_type, status, step,
       attempt, resumptions, data, created_at, updated_at)
     select id, 'purchase', 1, ${FAR} + n % 100000, ${FAR} + n, 10000, 'cash', 'COMPLETED', 'SAGA_COMPLETE', 1, 0,
       json_build_object('customer_id', ${FAR} + n % 100000, 'vehicle_id', ${FAR} + n, 'amount_cents', 10000,
         'payment_type', 'cash', 'vehicle', json_build_object('brand', 'Fiat', 'model', 'Strada', 'year', 2024),
         'payment_code', substr(md5(n::text), 1, 25), 'expires_at', at, 'payment_id', n),
       at, at from ${ids(now)}`,
    `insert into saga_history (transaction_id, at, step, status, what, attempt)
     select id, at, step, status, what, 1 from ${ids(now)}, ${STEPS}`,
  ],
  cliente_service: [
    `insert into credit_holds (transaction_id, customer_id, payment_type, amount_cents, status, created_at, updated_at)
     select id, ${FAR} + n % 100000, 'cash', 10000, 'held', at, at from ${ids(now)}`,
    `insert into ledger (customer_id, kind, account, transaction_id, amount_cents, balance_after_cents, credit_after_cents, at)
     select ${FAR} + n % 100000, 'hold', 'balance', id, -10000, 0, 0, at from ${ids(now)}`,
  ],
  veiculo_service: [
    `insert into vehicles (id, brand, model, year, color, price_cents, status, sold_at, sold_to_transaction, picked_up_at,
       created_at, updated_at) overriding system value
     select ${FAR} + n, 'Fiat', 'Strada', 2024, 'Branco', 10000, 'picked_up', at, id, at, at, at from ${ids(now)}`,
    // sealed, as long as what a vault writes; nobody opens them
    `insert into vehicle_papers (vehicle_id, license_plate, chassi_number, renavam, plate_fingerprint, chassi_fingerprint,
       renavam_fingerprint)
     select ${FAR} + n, md5('plate' || n) || md5(n::text), md5('chassi' || n) || md5(n::text), md5('renavam' || n) || md5(n::text),
       md5('plate' || n), md5('chassi' || n), md5('renavam' || n) from ${ids(now)}`,
    `insert into vehicle_reservations (transaction_id, vehicle_id, customer_id, status, created_at, ended_at)
     select id, ${FAR} + n, ${FAR} + n % 100000, 'sold', at, at from ${ids(now)}`,
  ],
  pagamento_service: [
    `insert into payment_codes (code, transaction_id, customer_id, vehicle_id, amount_cents, payment_type, status, expires_at,
       created_at, updated_at)
     select substr(md5(n::text), 1, 25), id, ${FAR} + n % 100000, ${FAR} + n, 10000, 'cash', 'used', at, at, at
     from ${ids(now)}`,
    `insert into payments (transaction_id, payment_code, customer_id, vehicle_id, amount_cents, payment_type, payment_method,
       status, processed_at, created_at)
     select id, substr(md5(n::text), 1, 25), ${FAR} + n % 100000, ${FAR} + n, 10000, 'cash', 'cash', 'completed', at, at
     from ${ids(now)}`,
  ],
})

/**
 * `urlOf` tells the address of `cliente_service` and the others. Returns how many rows there are of them, after a vacuum as autovacuum would
 * have done long since.
 */
export async function fillWithFinished(urlOf: (database: string) => string, count: number): Promise<number> {
  let rows = 0
  for (const [database, statements] of Object.entries(STATEMENTS(Math.floor(Date.now() / 1_000) - 86_400))) {
    const client = new pg.Client({ connectionString: urlOf(database) })
    await client.connect()
    try {
      for (const statement of statements) rows += (await client.query(statement, [count])).rowCount ?? 0
      await client.query('vacuum analyze')
    } finally {
      await client.end()
    }
  }
  return rows
}

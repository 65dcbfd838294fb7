/**
 * After a full run, no database, outbox, dead letter or log reveals personal data: everything is dumped and searched for each
 * personal value that was put in, in every encoding of encodings.ts. The server's own files are searched for the plain values.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { generateCnh, generateCpf, generateRenavam } from '@brazilian-utils/brazilian-utils'
import pino from 'pino'
import { type Database, openDatabase } from '#platform/database/database'
import { urlOfEmbeddedPostgres } from '../../app/embedded/postgres.ts'
import {
  buy,
  CLIENTE,
  ORQUESTRADOR,
  PAGAMENTO,
  sagaOf,
  settled,
  startSystem,
  until,
  VEICULO,
} from '../fixtures/system.ts'
import { temporaryFolder } from '../fixtures/temporary-folder.ts'
import { accountsThatLeaveTraces, ORIGIN } from './at-rest-accounts.ts'
import { formsOf, foundIn } from './encodings.ts'

const DATA_DIR = await temporaryFolder('dump')
const lines: string[] = []
const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) })
const own = { DATA_DIR, DATABASE_URL: '', DATABASE_PREFIX: '', PORT_POSTGRES: '0', PUBLIC_ORIGIN: ORIGIN }
const api = await startSystem({ ...own, WEBHOOK_ALLOW_LOOPBACK: 'true', SAGA_STEP_TIMEOUT_SECONDS: '5' }, log)
const server = (await urlOfEmbeddedPostgres(join(DATA_DIR, 'postgres'))) ?? ''

const NAMES = [
  'cliente_service',
  'veiculo_service',
  'pagamento_service',
  'orquestrador',
  'identidade_service',
  'avisos_service',
] as const
const databases = new Map<string, Database>()
for (const name of NAMES) {
  const url = new URL(server)
  url.pathname = `/${name}`
  const database = openDatabase({ url: url.href, poolSize: 2, onIdleError: () => {} })
  after(() => database[Symbol.asyncDispose]())
  databases.set(name, database)
  // copies of messages in an outbox are kept here, to be searched like the rest
  await database.query(`create table outbox_seen (like outbox)`)
  await database.query(
    `create function keep_outbox() returns trigger language plpgsql security definer
     as $$ begin insert into outbox_seen select new.*; return new; end $$`,
  )
  await database.query(`create trigger kept after insert on outbox for each row execute function keep_outbox()`)
}
const inside = (name: (typeof NAMES)[number]) => databases.get(name) as Database

/** All values of a person or of a vehicle's papers that the run puts in. */
const secrets = new Map<string, string>()
const secret = (what: string, value: string, ...otherForms: string[]) => {
  for (const [index, form] of [value, ...otherForms].entries()) secrets.set(index ? `${what} (${index})` : what, form)
  return value
}

let people = 0
async function person(money: object) {
  const n = ++people
  const cpf = generateCpf()
  const dotted = cpf.replace(/(\d{3})(\d{3})(\d{3})(\d{2})/, '$1.$2.$3-$4')
  const national = `2199173584${n}`
  const birth = `198${n}-0${n}-1${n}`
  const body = {
    name: secret(`name ${n}`, `Ermengarda Quitéria Zwölfer ${'ABCDEFG'[n]}`),
    email: secret(`e-mail ${n}`, `ermengarda.zwolfer+${n}@correio-secreto.example.com`),
    phone: secret(`phone ${n}`, `(21) 99173-584${n}`, national, `+55${national}`),
    document: secret(`document ${n}`, dotted, cpf),
    birth_date: secret(`birth date ${n}`, birth, birth.split('-').reverse().join('/')),
    driver_license: secret(`licence ${n}`, generateCnh()),
    address: {
      postal_code: secret(`postal code ${n}`, `7130${n}-85${n}`),
      street: secret(`street ${n}`, `Rua das Jabuticabeiras Tortas ${n}`),
      number: '17',
      complement: secret(`complement ${n}`, `fundos, portão ${n} amarelo`),
      district: secret(`district ${n}`, `Vila Sapopemba do Sul ${n}`),
      city: secret(`city ${n}`, `Itaquaquecetuba ${n}`),
      state: 'SP',
    },
    refund_pix_key: secret(`refund key ${n}`, `chave-pix-de-ermengarda-${n}@banco.example`),
    ...money,
  }
  const headers = { 'idempotency-key': `register-${n}` }
  const made = await api.call(CLIENTE, 'POST', '/customers', body, headers)
  assert.equal(made.status, 201, JSON.stringify(made.body))
  assert.deepEqual(await api.call(CLIENTE, 'POST', '/customers', body, headers), made)
  return { id: made.body.id as number, body }
}

/** Public, and plain in the database: it proves that the search finds values. */
const BRAND = 'Gurgel Itaipú Elétrico'

let cars = 0
async function vehicle(price: number) {
  const n = ++cars
  const old = `QXZ49${10 + n}` // QXZ4J1n is the same plate
  const body = {
    ...{ brand: BRAND, model: 'E-400', year: 1982, color: 'Amarelo', price },
    license_plate: secret(`plate ${n}`, `${old.slice(0, 3)}-${old.slice(3)}`, old, `QXZ4J${10 + n}`),
    chassi_number: secret(`chassi ${n}`, `9BGRD08Z0XG1174${20 + n}`),
    renavam: secret(`renavam ${n}`, generateRenavam()),
    // the control, in each encoding, written by other means than the search
    description: [
      ...['', 'x', 'xy'].map((before) => Buffer.from(`${before}${BRAND} and more`).toString('base64')),
      ...['', 'x', 'xy'].map((before) => Buffer.from(`${before}${BRAND} and more`).toString('base64url')),
      Buffer.from(BRAND).toString('hex'),
      new URLSearchParams({ brand: BRAND }),
      encodeURIComponent(BRAND),
      [...new TextEncoder().encode(BRAND)].map((byte) => `%${byte.toString(16)}`).join(''),
      BRAND.replaceAll('ú', '\\u00fa').replaceAll('é', '\\u00e9'),
    ].join('\n'),
  }
  const made = await api.call(VEICULO, 'POST', '/vehicles', body, { 'idempotency-key': `offer-${n}` })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  return { id: made.body.id as number, body }
}

const atPayment = (transaction: string) =>
  until('it waits for its payment', async () => {
    const saga = await sagaOf(api, transaction)
    return saga.current_step === 'PAYMENT_PROCESSING' && saga
  })

/** One purchase of each outcome, with everything around them. Returns the webhooks that were received. */
async function fullRun(): Promise<string[]> {
  const told: string[] = []
  const hook = createServer(async (request, response) => {
    told.push((await request.toArray()).join(''))
    response.writeHead(204).end()
  }).listen(0, '127.0.0.1')
  await once(hook, 'listening')
  after(() => hook.close())
  const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/hook`
  const events = ['events.purchase.*']
  const subscribed = await api.call(ORQUESTRADOR, 'POST', '/webhook-subscriptions', { url, events })
  const rotated = await api.call(ORQUESTRADOR, 'POST', `/webhook-subscriptions/${subscribed.body.id}/rotate-secret`)
  secret('webhook secret', rotated.body.secret, subscribed.body.secret)

  const rich = await person({ initial_balance: 500_000, credit_limit: 500_000 })
  const once_only = await person({ initial_balance: 40_000 })
  const wanted = async (price: number) => (await vehicle(price)).id
  const statusOf = async (transaction: string) => (await settled(api, transaction)).status

  const sold = await wanted(30_000)
  const cash = await buy(api, rich.id, sold)
  assert.equal(await statusOf(cash), 'COMPLETED')
  assert.equal(await statusOf(await buy(api, rich.id, await wanted(31_000), 'credit')), 'COMPLETED')
  assert.equal(await statusOf(await buy(api, rich.id, await wanted(30_000.13))), 'FAILED_COMPENSATED')

  const lost = await buy(api, rich.id, await wanted(32_000), 'pix')
  const { context } = await atPayment(lost)
  const mend = await breakTable('orquestrador', 'sagas', `new.step = 'MARK_VEHICLE_AS_SOLD'`)
  await api.call(PAGAMENTO, 'POST', '/payments', { payment_code: context.payment_code }, { 'idempotency-key': 'pay' })
  await until('its news is a dead letter', async () => {
    const { body } = await api.call(ORQUESTRADOR, 'GET', '/dead-letters')
    return body.dead_letters.length > 0
  })
  await mend()

  const cancelled = await buy(api, rich.id, await wanted(33_000), 'pix')
  await atPayment(cancelled)
  await api.call(ORQUESTRADOR, 'POST', `/purchase/${cancelled}/cancel`, { reason: 'changed my mind' })
  assert.equal(await statusOf(cancelled), 'CANCELLED')

  // two purchases, money for one
  const [one, other] = [await wanted(40_000), await wanted(40_000)]
  const twice = await Promise.all(
    [one, other].map((id) =>
      api.call(ORQUESTRADOR, 'POST', '/purchase', { customer_id: once_only.id, vehicle_id: id, payment_type: 'cash' }),
    ),
  )
  for (const { status, body } of twice)
    if (status === 202) assert.match(await statusOf(body.transaction_id), /^(COMPLETED|FAILED)$/)

  await inside('pagamento_service')
    .transaction(async (tx) => {
      await tx.query('lock table payments in exclusive mode')
      const stuck = await buy(api, rich.id, await wanted(20_000.19))
      await atPayment(stuck)
      await api.call(ORQUESTRADOR, 'POST', `/purchase/${stuck}/cancel`)
      return stuck
    })
    .then(async (stuck) => assert.equal(await statusOf(stuck), 'FAILED_REQUIRES_MANUAL_INTERVENTION'))

  const buyer = await api.as({ role: 'customer', customer_id: rich.id })
  const { body: bought } = await api.call(ORQUESTRADOR, 'GET', `/saga-states/${cash}`, undefined, buyer)
  const pickup_code = secret('pickup code of one that was taken', bought.context.pickup_code)
  const waiting = await buy(api, rich.id, await wanted(7_000))
  await settled(api, waiting)
  const seen = await api.call(ORQUESTRADOR, 'GET', `/saga-states/${waiting}`, undefined, buyer)
  secret('pickup code of one that waits', seen.body.context.pickup_code)
  const received_by = secret('received by', 'Hermenegildo Zwölfer Filho')
  assert.equal((await api.call(VEICULO, 'POST', `/vehicles/${sold}/pickup`, { pickup_code, received_by })).status, 200)

  const words = { reason: `Devolvo, sou ${rich.body.document}` }
  const returned = await api.call(ORQUESTRADOR, 'POST', `/purchase/${cash}/return`, words)
  assert.equal(returned.status, 202, JSON.stringify(returned.body))
  const seen_then = { mileage_km: 90, notes: `Riscado; ligar para ${rich.body.email}` }
  await until('the vehicle came back', async () => {
    const path = `/returns/${returned.body.return_id}/received`
    return (await api.call(ORQUESTRADOR, 'POST', path, seen_then)).status === 200
  })
  assert.equal(await statusOf(returned.body.return_id), 'COMPLETED')

  const reason = secret('reason of a block', 'Parece ser laranja do primo Astolfo')
  assert.equal((await api.call(CLIENTE, 'POST', `/customers/${once_only.id}/block`, { reason })).status, 200)
  await api.call(CLIENTE, 'PUT', `/customers/${rich.id}`, {
    phone: secret('new phone', '(31) 98412-7766', '31984127766'),
  })

  // refusals and faults, whose requests hold as much
  assert.equal((await api.call(CLIENTE, 'POST', '/customers', rich.body)).status, 409)
  assert.equal((await api.call(CLIENTE, 'POST', '/customers', { ...rich.body, state: rich.body.email })).status, 422)
  assert.equal((await api.call(CLIENTE, 'PUT', `/customers/${rich.id}`, { email: once_only.body.email })).status, 409)
  const repaired = await breakTable('cliente_service', 'people', 'true')
  assert.equal((await api.call(CLIENTE, 'PUT', `/customers/${rich.id}`, { name: 'Ermengarda Nova' })).status, 500)
  await repaired()
  secret('a name in a fault', 'Ermengarda Nova')
  await until('webhooks were sent', async () => told.length >= 4)
  return told
}

/** Makes updates of a table fail while `condition` holds of the new row; returns how to mend it. */
async function breakTable(name: (typeof NAMES)[number], table: string, condition: string) {
  const database = inside(name)
  await database.query(
    `create or replace function out_of_order() returns trigger language plpgsql
     as $$ begin raise exception 'out of order: %', new; end $$`,
  )
  await database.query(
    `create trigger broken before update on ${table} for each row when (${condition}) execute function out_of_order()`,
  )
  return async () => void (await database.query(`drop trigger broken on ${table}`))
}

/** Every row of every table, each column as its text, unquoted; bytes as hex. */
async function dumpOf(database: Database): Promise<{ text: string; rows: number }> {
  const tables = await database.query<{ name: string; columns: string }>(
    `select format('%I.%I', table_schema, table_name) as name,
       string_agg(format('%I::text', column_name), ', ' order by ordinal_position) as columns
     from information_schema.columns join pg_tables on schemaname = table_schema and tablename = table_name
     where table_schema not in ('pg_catalog', 'information_schema') group by 1`,
  )
  const dumped = []
  for (const { name, columns } of tables) {
    const rows = await database.query<{ row: string }>(`select concat_ws(' | ', ${columns}) as row from ${name}`)
    dumped.push(...rows.map(({ row }) => `${name}: ${row}`))
  }
  return { text: dumped.join('\n'), rows: dumped.length }
}

test('no dump, log, message or file holds who anybody is, in any encoding', async (t) => {
  await accountsThatLeaveTraces(api, secret)
  const told = await fullRun()
  const veiculo = inside('veiculo_service')
  await veiculo.query('create table bytes (content bytea)')
  await veiculo.query(`insert into bytes values (convert_to($1, 'UTF8'))`, [BRAND])
  await veiculo.query('checkpoint')
  log.info({ brand: BRAND }, 'the control')

  const places = new Map<string, string>([
    ['the log', lines.join('')],
    ['webhooks', told.join('\n')],
  ])
  let rows = 0
  for (const name of NAMES) {
    const dump = await dumpOf(inside(name))
    places.set(`the database ${name}`, dump.text)
    rows += dump.rows
  }
  for (const { name, url } of api.system.services)
    places.set(`the metrics of ${name}`, await (await fetch(`${url}/metrics`)).text())
  places.set("the server's log", await readFile(join(DATA_DIR, 'postgres.log'), 'utf8'))

  // it can see: the control is found in every encoding, in a database and in bytes of it
  const control = [...new Set(formsOf(BRAND).map(({ encoding }) => encoding))]
  assert.ok(control.length >= 11, control.join())
  assert.deepEqual(foundIn(places.get('the database veiculo_service') ?? '', BRAND).sort(), control.sort())
  assert.deepEqual(foundIn(places.get('the log') ?? '', BRAND), ['plain'])
  const bytes = (places.get('the database veiculo_service') ?? '')
    .split('\n')
    .filter((row) => row.startsWith('public.bytes: '))
  assert.deepEqual(foundIn(bytes.join('\n'), BRAND), ['hex'])
  for (const [place, table] of [
    ['orquestrador', 'outbox_seen'],
    ['orquestrador', 'dead_letters'],
    ['orquestrador', 'webhook_deliveries'],
    ['orquestrador', 'purchase_returns'],
    ['cliente_service', 'people'],
    ['cliente_service', 'notices'],
    ['identidade_service', 'accounts'],
    ['identidade_service', 'sign_ups'],
    ['identidade_service', 'invitations'],
    ['identidade_service', 'notices'],
    ['identidade_service', 'session'],
    ['identidade_service', '"twoFactor"'],
    ['identidade_service', 'outbox_seen'],
    ['avisos_service', 'mails'],
    ['cliente_service', 'idempotency_keys'],
  ])
    assert.ok(places.get(`the database ${place}`)?.includes(`public.${table}: `), `${table} has rows`)

  const leaks = [...places].flatMap(([place, text]) =>
    [...secrets].flatMap(([what, value]) =>
      foundIn(text, value).map((encoding) => `${what}, ${encoding}, in ${place}`),
    ),
  )
  assert.deepEqual(leaks, [])

  const files = await filesBelow(join(DATA_DIR, 'postgres', 'data'))
  const inFiles: string[] = []
  let controls = 0
  for (const file of files) {
    // the server goes on, and a file that it removes meanwhile holds nothing
    const content = await readFile(file).catch((error) => {
      if (error.code !== 'ENOENT') throw error
      return Buffer.alloc(0)
    })
    if (content.includes(BRAND)) controls += 1
    for (const [what, value] of secrets) if (content.includes(value)) inFiles.push(`${what} in ${file}`)
  }
  assert.ok(controls >= 2, 'the control lies in a table and in the write-ahead log')
  assert.deepEqual(inFiles, [])
  const forms = [...secrets.values()].reduce((sum, value) => sum + formsOf(value).length, 0)
  t.diagnostic(
    `${secrets.size} values in ${forms} forms: not in ${rows} rows of ${NAMES.length} databases, ${lines.length} lines of log, ${told.length} webhooks, ${files.length} files`,
  )
})

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
}

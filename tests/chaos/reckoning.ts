/**
 * The reckoning at the end of a run: reads the tables of all four services by SQL of its own, knows nothing of the services' code,
 * and reports everything that contradicts the promises or itself. A good run reports nothing.
 */
import pg from 'pg'
import type { Promises } from './promises.ts'

interface Saga {
  readonly transaction_id: string
  readonly customer_id: number
  readonly vehicle_id: number
  readonly amount_cents: number
  readonly payment_type: string
  readonly status: string
  readonly deadline: Date | null
  readonly data: { readonly payment_id?: number }
  readonly pickup_code: string | null
}

interface Hold {
  readonly transaction_id: string
  readonly customer_id: number
  readonly payment_type: string
  readonly amount_cents: number
  readonly status: string
}

interface Customer {
  readonly id: number
  readonly account_balance_cents: number
  readonly used_credit_cents: number
}

interface Vehicle {
  readonly id: number
  readonly status: string
  readonly reserved_by: string | null
  readonly sold_to_transaction: string | null
  readonly pickup_print: string | null
}

interface Reservation {
  readonly transaction_id: string
  readonly vehicle_id: number
  readonly status: string
}

interface Code {
  readonly transaction_id: string
  readonly code: string
  readonly amount_cents: number
  readonly status: string
}

interface Payment {
  readonly id: number
  readonly transaction_id: string
  readonly amount_cents: number
  readonly status: string
}

/** As cliente-service shows a vehicle to buyers. */
interface Shown {
  readonly vehicle_id: number
  readonly status: string
  readonly transaction_id: string | null
}

interface Books {
  readonly catalogue: ReadonlyMap<number, Shown>
  readonly sagas: ReadonlyMap<string, Saga>
  readonly holds: ReadonlyMap<string, Hold>
  readonly customers: ReadonlyMap<number, Customer>
  readonly vehicles: ReadonlyMap<number, Vehicle>
  readonly reservations: ReadonlyMap<string, Reservation>
  readonly codes: ReadonlyMap<string, Code>
  readonly payments: ReadonlyMap<string, Payment>
}

export interface Reckoning {
  readonly findings: readonly string[]
  /** How many purchases had each end. */
  readonly outcomes: ReadonlyMap<string, number>
}

const SERVICES = ['cliente_service', 'veiculo_service', 'pagamento_service', 'orquestrador'] as const
type Service = (typeof SERVICES)[number]
const FINAL = ['COMPLETED', 'FAILED', 'FAILED_COMPENSATED', 'CANCELLED']

/** The server, as a superuser, and what its databases' names begin with. */
export interface Place {
  readonly url: string
  readonly prefix?: string
}

/** `eventsAreKept`: the bus lost none, so that views of other services' records agree with them, too. */
export async function reckon(place: Place, promises: Promises, eventsAreKept: boolean): Promise<Reckoning> {
  await using ledgers = await openLedgers(place)
  const books = await readBooks(ledgers)
  const findings: string[] = []
  const find = (what: string) => void findings.push(what)
  checkPromises(books, promises, find)
  for (const saga of books.sagas.values()) checkPurchase(books, saga, find)
  checkOwners(books, find)
  checkMoney(books, promises, find)
  checkVehicles(books, find)
  if (eventsAreKept) checkCatalogue(books, find)
  for (const what of await oddities(ledgers)) find(what)
  const outcomes = new Map<string, number>()
  for (const { status } of books.sagas.values()) outcomes.set(status, (outcomes.get(status) ?? 0) + 1)
  return { findings, outcomes }
}

/** How much is still under way, by what it is; all 0 when a reckoning makes sense. */
export async function unsettled(place: Place): Promise<ReadonlyMap<string, number>> {
  await using ledgers = await openLedgers(place)
  const count = async (service: Service, what: string) =>
    (await ledgers.read<{ n: number }>(service, `select count(*)::int as n from ${what}`))[0]?.n ?? 0
  const open = new Map([
    ['purchases', await count('orquestrador', `sagas where status <> all('{${FINAL.join(',')}}')`)],
    ['codes', await count('pagamento_service', `payment_codes where status = 'pending'`)],
    ['refunds', await count('pagamento_service', `unmatched_payments where status = 'refunding'`)],
  ])
  for (const service of SERVICES) open.set(`outbox of ${service}`, await count(service, 'outbox'))
  return open
}

/** Purchases that wait for an operator. */
export async function waitForOperator(place: Place): Promise<string[]> {
  await using ledgers = await openLedgers(place)
  const rows = await ledgers.read<{ transaction_id: string }>(
    'orquestrador',
    `select transaction_id from sagas where status = 'FAILED_REQUIRES_MANUAL_INTERVENTION'`,
  )
  return rows.map(({ transaction_id }) => transaction_id)
}

interface Ledgers extends AsyncDisposable {
  read<Row extends object>(service: Service, sql: string): Promise<Row[]>
}

/** Ids and cents as numbers, as the services read them: all are far below 2^53. */
const NUMBERS: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.INT8
      ? Number
      : pg.types.getTypeParser(oid, format)) as pg.CustomTypesConfig['getTypeParser'],
}

async function openLedgers({ url, prefix = '' }: Place): Promise<Ledgers> {
  const clients = new Map<Service, pg.Client>()
  const close = async () => void (await Promise.all([...clients.values()].map((client) => client.end())))
  for (const service of SERVICES) {
    const database = new URL(url)
    database.pathname = `/${prefix}${service}`
    const client = new pg.Client({ connectionString: database.href, connectionTimeoutMillis: 5_000, types: NUMBERS })
    client.on('error', () => {})
    clients.set(service, client)
    await client.connect()
  }
  return {
    async read<Row extends object>(service: Service, sql: string) {
      return ((await clients.get(service)?.query(sql))?.rows ?? []) as Row[]
    },
    [Symbol.asyncDispose]: close,
  }
}

async function readBooks({ read }: Ledgers): Promise<Books> {
  const byTransaction = <Row extends { transaction_id: string }>(rows: Row[]) =>
    new Map(rows.map((row) => [row.transaction_id, row]))
  const byId = <Row extends { id: number }>(rows: Row[]) => new Map(rows.map((row) => [row.id, row]))
  const shown = await read<Shown>('cliente_service', 'select vehicle_id, status, transaction_id from vehicle_catalogue')
  return {
    catalogue: new Map(shown.map((row) => [row.vehicle_id, row])),
    sagas: byTransaction(await read<Saga>('orquestrador', 'select * from sagas')),
    holds: byTransaction(await read<Hold>('cliente_service', 'select * from credit_holds')),
    customers: byId(
      await read<Customer>('cliente_service', 'select id, account_balance_cents, used_credit_cents from customers'),
    ),
    vehicles: byId(
      await read<Vehicle>(
        'veiculo_service',
        'select id, status, reserved_by, sold_to_transaction, pickup_print from vehicles',
      ),
    ),
    reservations: byTransaction(await read<Reservation>('veiculo_service', 'select * from vehicle_reservations')),
    codes: byTransaction(await read<Code>('pagamento_service', 'select * from payment_codes')),
    payments: byTransaction(await read<Payment>('pagamento_service', 'select * from payments')),
  }
}

type Find = (what: string) => void

function checkPromises(books: Books, promises: Promises, find: Find) {
  for (const [id, order] of promises.accepted) {
    const saga = books.sagas.get(id)
    if (!saga) find(`${id} was answered 202, and is lost`)
    else if (saga.customer_id !== order.customer_id || saga.vehicle_id !== order.vehicle_id)
      find(`${id} is of another customer or vehicle than it was asked for`)
  }
  for (const id of promises.cancelled) {
    const status = books.sagas.get(id)?.status
    if (status !== 'CANCELLED') find(`${id} was answered that it is being cancelled, and is ${status}`)
  }
  for (const id of promises.paid) {
    const status = books.payments.get(id)?.status
    if (status !== 'completed' && status !== 'refunded')
      find(`${id} was answered that it is paid, and its payment is ${status}`)
  }
  for (const id of promises.pickedUp) {
    const status = books.vehicles.get(id)?.status
    if (status !== 'picked_up') find(`vehicle ${id} was handed over, and is ${status}`)
  }
  for (const id of promises.customers.keys()) if (!books.customers.has(id)) find(`customer ${id} was made, and is lost`)
  for (const id of promises.vehicles.keys()) if (!books.vehicles.has(id)) find(`vehicle ${id} was made, and is lost`)
  for (const what of promises.strange) find(`a strange answer: ${what}`)
}

function checkPurchase(books: Books, saga: Saga, find: Find) {
  const { transaction_id: id, status, amount_cents, data } = saga
  const wrong = (what: string) => find(`${id} is ${status}, but ${what}`)
  const hold = books.holds.get(id)
  const reservation = books.reservations.get(id)
  const code = books.codes.get(id)
  const payment = books.payments.get(id)
  if (!FINAL.includes(status) || saga.deadline) wrong('that is no end')
  if (payment && payment.amount_cents !== amount_cents) wrong(`${payment.amount_cents} cents are paid`)
  if (status !== 'COMPLETED') {
    if (hold?.status === 'held') wrong('its hold still stands')
    if (reservation?.status === 'reserved' || reservation?.status === 'sold') wrong('its vehicle is not given back')
    if (code?.status === 'pending') wrong('its code can still be paid')
    if (payment?.status === 'completed') wrong('its payment is not given back')
    return
  }
  const vehicle = books.vehicles.get(saga.vehicle_id)
  if (hold?.status !== 'held') wrong(`its hold is ${hold?.status}`)
  if (hold?.amount_cents !== amount_cents) wrong(`it holds ${hold?.amount_cents} cents`)
  if (reservation?.status !== 'sold') wrong(`its reservation is ${reservation?.status}`)
  if (vehicle?.sold_to_transaction !== id) wrong(`its vehicle is sold to ${vehicle?.sold_to_transaction}`)
  if (code?.status !== 'used') wrong(`its code is ${code?.status}`)
  if (payment?.status !== 'completed') wrong(`its payment is ${payment?.status}`)
  if (Number(data.payment_id) !== Number(payment?.id)) wrong('it names another payment')
  // both are sealed, so the shoppers try whether the code is accepted
  if (vehicle?.status === 'sold' && !(saga.pickup_code && vehicle.pickup_print)) wrong('its pickup code opens no door')
  if (vehicle?.status === 'picked_up' && (saga.pickup_code ?? vehicle.pickup_print)) wrong('its pickup code is kept')
}

/** Records of purchases that nobody knows. */
function checkOwners({ sagas, holds, reservations, codes, payments }: Books, find: Find) {
  for (const [what, records] of Object.entries({ holds, reservations, codes, payments }))
    for (const id of records.keys()) if (!sagas.has(id)) find(`among the ${what} is one of ${id}, and no such purchase`)
}

function checkMoney({ customers, holds }: Books, { customers: openings }: Promises, find: Find) {
  const held = new Map<string, number>()
  for (const { customer_id, payment_type, status, amount_cents } of holds.values()) {
    if (status !== 'held') continue
    const account = `${customer_id} ${payment_type}`
    held.set(account, (held.get(account) ?? 0) + Number(amount_cents))
  }
  for (const { id, account_balance_cents: balance, used_credit_cents: used } of customers.values()) {
    const opening = openings.get(id)
    if (!opening) continue // its answer was lost, and nobody bought in its name
    const cash = held.get(`${id} cash`) ?? 0
    const credit = held.get(`${id} credit`) ?? 0
    if (balance + cash !== opening.balance_cents)
      find(`customer ${id}: ${balance} and ${cash} held do not make the ${opening.balance_cents} of the beginning`)
    if (used !== credit) find(`customer ${id}: ${used} of the credit are used, and purchases hold ${credit}`)
  }
}

function checkVehicles({ vehicles, reservations }: Books, find: Find) {
  const holders = new Map<number, string[]>()
  for (const { transaction_id, vehicle_id, status } of reservations.values())
    if (status === 'reserved' || status === 'sold')
      holders.set(vehicle_id, [...(holders.get(vehicle_id) ?? []), transaction_id])
  for (const { id, status, reserved_by, sold_to_transaction } of vehicles.values()) {
    const live = holders.get(id) ?? []
    if (live.length > 1) find(`vehicle ${id} is held by ${live.length} purchases`)
    if ((reserved_by ?? sold_to_transaction) !== (live[0] ?? null))
      find(`vehicle ${id} is ${status}, and not its holder's`)
    if (status === 'reserved') find(`vehicle ${id} is reserved, and nobody buys it`)
  }
}

function checkCatalogue({ vehicles, catalogue }: Books, find: Find) {
  for (const { id, status, sold_to_transaction } of vehicles.values()) {
    const shown = catalogue.get(id)
    const expected = status === 'picked_up' ? 'sold' : status
    if (shown?.status !== expected) find(`vehicle ${id} is ${status}, and buyers are shown that it is ${shown?.status}`)
    if ((shown?.transaction_id ?? null) !== sold_to_transaction)
      find(`vehicle ${id} is sold to ${sold_to_transaction}, and its buyer is shown ${shown?.transaction_id}`)
  }
}

/** Each statement returns the faults, one a row. */
const ODDITIES: readonly (readonly [Service, string])[] = [
  [
    'cliente_service',
    `select 'customer ' || customer_id || ': the ledger does not add up at entry ' || id as what from (
       select *, sum(amount_cents) over (partition by customer_id, account order by id) as so_far from ledger) as summed
     where account = 'balance' and so_far <> balance_after_cents`,
  ],
  [
    'cliente_service',
    `select 'customer ' || customers.id || ': the ledger does not end at the balance' as what from customers
     where account_balance_cents <> coalesce((select balance_after_cents from ledger
       where customer_id = customers.id order by ledger.id desc limit 1), 0)`,
  ],
  [
    'orquestrador',
    `select transaction_id || ' is ' || status || ', and its history ends elsewhere' as what from sagas
     where status || step <> coalesce((select status || step from saga_history
       where saga_history.transaction_id = sagas.transaction_id order by id desc limit 1), '')`,
  ],
  [
    'orquestrador',
    `select transaction_id || ' began ' || count(*) || ' times' as what from saga_history where what = 'started'
     group by transaction_id having count(*) > 1`,
  ],
  [
    'orquestrador', // which of them is under which key is sealed
    `select sagas || ' purchases are under ' || keys || ' keys' as what
     from (select (select count(*) from sagas) as sagas, (select count(*) from idempotency_keys) as keys) as counted
     where sagas <> keys`,
  ],
  [
    'pagamento_service',
    `select 'money that belongs to no purchase is ' || status || ': ' || reason as what from unmatched_payments
     where status <> 'refunded'`,
  ],
  ...SERVICES.map(
    (service) =>
      [
        service,
        `select '${service} could not handle ' || subscription || ': ' || reason as what from dead_letters
         where status = 'waiting'`,
      ] as const,
  ),
  ...SERVICES.map(
    (service) => [service, `select 'the outbox of ${service} keeps ' || id as what from outbox`] as const,
  ),
]

async function oddities({ read }: Ledgers): Promise<string[]> {
  const found: string[] = []
  for (const [service, sql] of ODDITIES)
    for (const { what } of await read<{ what: string }>(service, sql)) found.push(what)
  return found
}

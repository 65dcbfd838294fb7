/**
 * PostgreSQL as the stores see it: a transaction with two methods. Statements are prepared once per connection. Statements
 * that are sent without awaiting between them travel together.
 */
import { createHash } from 'node:crypto'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import pg from 'pg'
import { type Slots, slots } from '../slots.ts'
import { type ListTypes, listTypesOf, parameter } from './array-parameter.ts'
import { type Changes, changes } from './changes.ts'
import { connectionTo, instanceOf } from './cloud-sql.ts'
import { type Ask, conversation, type Statement } from './exchange.ts'
import { isRefused } from './pg-errors.ts'

export interface Queryable {
  /** Runs one statement; the rows come back typed as the caller declares them (its `db` test is the proof). */
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>
}

export interface Tx extends Queryable {
  /**
   * Keeps a writing statement for the commit, which fails if the statement fails. All writes of a transaction become one
   * statement, so none of them sees another's rows: no two may touch the same row. Measured: a third less work.
   */
  write(text: string, values?: readonly unknown[]): void
}

export interface Database extends Queryable, AsyncDisposable {
  /** Commits when `work` resolves, rolls back when it throws. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** How many connections are open, how many of them are idle, and how many transactions wait for one. */
  usage(): { readonly open: number; readonly idle: number; readonly waiting: number }
  /** When the number differs from an earlier one, this process may have changed the table meanwhile. */
  changesOf(table: string): number
}

/** `bigint` columns hold cents and ids, all below 2^53: they are read as numbers, and a larger one is refused. */
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} is beyond the safe integers`)
  return value
})

/** `2026-11-26 04:14:14.123456+00`: every connection here writes times so (CLOCK below). Other forms take pg's slower way. */
const pgTimestamp = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ)
pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, (text) =>
  text[10] === ' ' && text.endsWith('+00')
    ? new Date(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`)
    : pgTimestamp(text),
)

export interface DatabaseOptions {
  readonly url: string
  /** The most connections that are kept. */
  readonly poolSize: number
  readonly onIdleError: (error: Error) => void
  /**
   * The server no longer lets this user in: its password was changed, or the user was removed. Work fails as in an outage.
   */
  readonly onRefused?: (error: Error) => void
  /** How long the server may take to answer; 0: for ever; default: PATIENCE_MS. */
  readonly patienceMs?: number
  /** How long work waits for a connection while all are in use; default: WAIT_MS. */
  readonly waitMs?: number
}

/**
 * A connection can be dead without notice: the machine at its other end is gone, or a router has forgotten it. After this time
 * without an answer the statement fails, and the connection is given up. It is this long because the relay's transactions
 * wait for requests to Pub/Sub, each of which is given up after 10 s.
 */
const PATIENCE_MS = 60_000
/** After this wait the caller is refused: a service whose database is busy for so long has too much to do. */
const WAIT_MS = 5_000
/** The longest time that a timer takes; for migrations. */
const FOR_EVER_MS = 2 ** 31 - 1
/** The same for the server, a little sooner: it ends a long statement, and frees the locks of a client that went silent. */
const serverPatience = (patienceMs: number) =>
  ['statement_timeout', 'idle_in_transaction_session_timeout'].map(
    (name) => `-c ${name}=${Math.ceil(patienceMs * 0.75)}`,
  )

/**
 * Statements are planned once per connection, often while a table is still empty, when reading all of it looks cheapest;
 * that plan then stays as the table grows (measured: a purchase took 90 ms instead of 20 with 4,000 in the tables). Every
 * hot statement goes by key, so whole-table reads are discouraged from the start.
 */
const PLANNER = '-c enable_seqscan=off -c jit=off'
const CLOCK = '-c timezone=UTC'

export function openDatabase({
  url,
  poolSize,
  onIdleError,
  onRefused = ignore,
  patienceMs = PATIENCE_MS,
  waitMs = WAIT_MS,
}: DatabaseOptions): Database {
  const { connectionString, stream } = connectionTo(url)
  const pool = new pg.Pool({
    connectionString,
    max: poolSize,
    options: [PLANNER, CLOCK, ...serverPatience(patienceMs)].join(' '),
    stream: () => impatient(stream?.() ?? new Socket(), patienceMs),
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
  } as pg.PoolConfig)
  const places = slots(poolSize, patienceMs === 0 ? FOR_EVER_MS : waitMs)
  const changed = changes()
  let isClosing = false
  pool.on('connect', (client) => client.on('error', ignore)) // its user is told; the listener stands here because a connection may fail with its first words
  pool.on('error', (error) => {
    if (!isClosing) onIdleError(error) // the server may go down before the last of them is closed
  })

  async function connect() {
    try {
      return await pool.connect()
    } catch (error) {
      if (isRefused(error)) onRefused(error)
      throw error
    }
  }

  return {
    query: <Row extends object>(text: string, values: readonly unknown[] = []) =>
      onConnection(places, connect, (ask) => run<Row>(ask, text, values)).finally(() => changed.ended([text])),
    transaction: (work) => onConnection(places, connect, (ask) => inTransaction(ask, work, changed)),
    changesOf: changed.of,
    usage: () => ({ open: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount + places.waiting() }),
    async [Symbol.asyncDispose]() {
      isClosing = true
      await pool.end()
    },
  }
}

/** A connection that failed, or could not end its transaction, is not used again. */
async function onConnection<T>(
  places: Slots,
  connect: () => Promise<pg.PoolClient>,
  work: (ask: Ask) => Promise<T>,
): Promise<T> {
  const giveBack = await places.take()
  try {
    const client = await connect()
    try {
      return await work(conversation(client))
    } finally {
      client.release(client.getTransactionStatus() !== 'I')
    }
  } finally {
    giveBack()
  }
}

/**
 * The writes are one statement, which travels together with the commit: a transaction that reads once takes two round trips.
 * One that only writes is that statement alone, which PostgreSQL makes a transaction of its own.
 */
async function inTransaction<T>(ask: Ask, work: (tx: Tx) => Promise<T>, changed: Changes): Promise<T> {
  const sent: Promise<unknown>[] = []
  const texts: string[] = []
  let writes: Write[] = []
  let begun = false
  const track = <Result>(statement: Promise<Result>) => {
    sent.push(statement)
    statement.catch(ignore) // it fails the transaction; unhandled, it would end the process while the caller awaits another statement
    return statement
  }
  function flush() {
    if (writes.length === 0) return
    const { text, values } = together(writes)
    writes = []
    texts.push(text)
    track(run(ask, text, values))
  }
  try {
    const result = await work({
      query(text, values = []) {
        if (!begun) track(ask(BEGIN))
        begun = true
        flush() // a read must see the writes before it
        texts.push(text)
        return track(run(ask, text, values))
      },
      write: (text, values = []) => void writes.push({ text, values }),
    })
    flush()
    const committed = begun ? track(ask(COMMIT)) : undefined
    await Promise.all(sent)
    if (committed && (await committed).tag !== 'COMMIT')
      throw new Error('a statement of the transaction failed, and its error was ignored')
    return result
  } catch (error) {
    await Promise.allSettled(sent)
    if (begun) await ask(ROLLBACK).catch(ignore) // if that fails, the connection ends, and the transaction with it
    throw error
  } finally {
    changed.ended(texts)
  }
}

const command = (text: string): Statement => ({ name: text, text, values: [] })
const BEGIN = command('begin')
const COMMIT = command('commit')
const ROLLBACK = command('rollback')

interface Write {
  readonly text: string
  readonly values: readonly unknown[]
}

const merged = new Map<string, string>()

/** Joins several writing statements into one: all but the last become `with` queries, and parameters are renumbered. */
function together(writes: readonly Write[]): Write {
  const [only] = writes
  if (only && writes.length === 1) return only
  const key = writes.map(({ text }) => statement(text).name).join()
  const values = writes.flatMap((one) => one.values)
  const known = merged.get(key)
  if (known) return { text: known, values }
  let offset = 0
  const texts = writes.map((one) => {
    const from = offset
    offset += one.values.length
    return one.text.replace(/\$(\d+)/g, (_, number) => `$${Number(number) + from}`)
  })
  const last = texts.pop()
  const text = `with ${texts.map((one, index) => `w${index} as (${one})`).join(', ')} ${last}`
  merged.set(key, text)
  return { text, values }
}

async function run<Row extends object>(ask: Ask, text: string, values: readonly unknown[]): Promise<Row[]> {
  const { name, lists } = statement(text)
  const { rows } = await ask({ name, text, values: values.map((value, index) => parameter(value, lists[index])) })
  return rows as Row[]
}

const statements = new Map<string, { readonly name: string; readonly lists: ListTypes }>()

/** Facts about a statement that are found out once. */
function statement(text: string) {
  let known = statements.get(text)
  if (!known) {
    known = { name: createHash('sha1').update(text).digest('base64url'), lists: listTypesOf(text) }
    statements.set(text, known)
  }
  return known
}

const ignore = () => {}

/** Hosts on this machine, sockets included. */
const HERE = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?|\/.*)$/

/**
 * Whether traffic leaves this machine unencrypted, or goes to a server whose certificate is not checked. The driver is asked,
 * because parameters of the address may name another host than the address seems to.
 */
export function isInTheOpen(url: string): boolean {
  if (instanceOf(url)) return false // its connector encrypts, and knows whose the server is
  const { host, ssl } = new pg.Client({ connectionString: url })
  if (HERE.test(host)) return false
  if (typeof ssl === 'boolean') return !ssl
  return (ssl as { rejectUnauthorized?: boolean } | undefined)?.rejectUnauthorized === false
}

/** Creates the database named in the URL's path when the server does not have it yet. */
export async function createDatabaseIfMissing(url: string): Promise<void> {
  const name = decodeURIComponent(new URL(url).pathname.slice(1))
  const server = new URL(url)
  server.pathname = '/postgres'
  const limits = { connectionTimeoutMillis: 5_000, query_timeout: PATIENCE_MS }
  const client = new pg.Client({ ...connectionTo(server.href), ...limits })
  client.on('error', ignore)
  await client.connect()
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name])
    if (!rowCount) await client.query(`create database ${client.escapeIdentifier(name)}`)
  } catch (error) {
    const createdMeanwhile = error instanceof pg.DatabaseError && (error.code === '42P04' || error.code === '23505')
    if (!createdMeanwhile) throw error
  } finally {
    await client.end()
  }
}

/** A connection that is silent for so long counts as dead. The pool has closed unused ones by then. */
const impatient = (socket: Socket, patienceMs: number): Duplex =>
  socket.setTimeout(patienceMs, () => socket.destroy(new Error(`Connection terminated: silent for ${patienceMs} ms`)))

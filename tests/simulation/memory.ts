/**
 * A database in memory with everything that the services rely on: transactions that commit whole or not at all, row locks, unique
 * keys, checks, and the rule that the writes of one commit touch no row twice. It dies where it is told to.
 */
import type { Database, Queryable, Tx } from '#platform/database/database'
import type { Crew } from './crew.ts'

export type Key = string | number

/** `check` names the constraint that a row would break; it sees all rows of the table, this one included. */
export interface Table<Row extends object> {
  readonly name: string
  readonly check?: (row: Row, rows: Iterable<Row>) => string | undefined
}

/** Where the next transaction is cut off: at its n-th statement, before its commit, or after it, unheard. */
export interface Fate {
  readonly at: number | 'before the commit' | 'after the commit'
  readonly error: Error
}

interface Change {
  readonly table: Table<object>
  readonly key: Key
  readonly make: (before: object | undefined) => object | undefined
}

/** As the driver words it, so that it counts as an outage and not as something wrong with the work. */
export const LOST_CONNECTION: Error = Object.assign(new Error('Connection terminated'), { code: 'ECONNRESET' })

export class Violation extends Error {}

export class MemoryDatabase implements Database {
  readonly #tables = new Map<Table<never>, Map<Key, object>>()
  readonly locks = new Map<string, MemoryTx>()
  fate: Fate | undefined
  /** Set while several transactions run at once. */
  crew: Crew | undefined
  /** Told of each row that a commit has changed. */
  onChange: (table: Table<object>, key: Key, before: object | undefined, after: object | undefined) => void = () => {}
  /** Told of each transaction that ended. */
  onEnd: (tx: MemoryTx, isCommitted: boolean) => void = () => {}
  #ids = 0
  #asked = 0

  rows<Row extends object>(table: Table<Row>): Map<Key, Row> {
    let rows = this.#tables.get(table)
    if (!rows) {
      rows = new Map()
      this.#tables.set(table, rows)
    }
    return rows as Map<Key, Row> // the rows of this very table
  }

  nextId(): number {
    this.#ids += 1
    return this.#ids
  }

  /** Whether answers from here must not be remembered. */
  changesOf(): number {
    this.#asked += 1
    return this.#asked
  }

  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const tx = new MemoryTx(this, this.fate)
    this.fate = undefined
    let isCommitted = false
    try {
      const result = await work(tx)
      if (this.crew) await this.crew.turn()
      tx.mayEnd('before the commit')
      await this.#lockChanged(tx)
      this.#apply(tx.changes)
      isCommitted = true
      for (const tell of tx.afterCommit) tell()
      tx.mayEnd('after the commit')
      return result
    } finally {
      for (const [key, holder] of this.locks) if (holder === tx) this.locks.delete(key)
      this.onEnd(tx, isCommitted)
    }
  }

  /** A transaction that has not locked the rows that it changes waits for those that have. */
  async #lockChanged(tx: MemoryTx): Promise<void> {
    for (const { table, key } of this.crew ? tx.changes : [])
      if (this.rows(table).has(key)) await this.crew?.lock(this.locks, `${table.name} ${key}`, tx)
  }

  #apply(changes: readonly Change[]): void {
    const undo: (() => void)[] = []
    const applied: [Change, object | undefined, object | undefined][] = []
    try {
      for (const change of changes) {
        const rows = this.rows(change.table)
        const before = rows.get(change.key)
        const after = change.make(before)
        if (after === before) continue
        put(rows, change.key, after)
        undo.push(() => put(rows, change.key, before))
        applied.push([change, before, after])
      }
      for (const [{ table }, , after] of applied) {
        const broken = after && table.check?.(after, this.rows(table).values())
        if (broken) throw new Violation(`${table.name}: ${broken}`)
      }
    } catch (error) {
      for (const back of undo.reverse()) back()
      throw error
    }
    for (const [{ table, key }, before, after] of applied) this.onChange(table, key, before, after)
  }

  query = noSql
  usage = () => ({ open: 1, idle: 1, waiting: 0 })
  async [Symbol.asyncDispose]() {}
}

function put(rows: Map<Key, object>, key: Key, row: object | undefined): void {
  if (row) rows.set(key, row)
  else rows.delete(key)
}

/** A statement without a twin: somebody has added a store, and its twin in memory is missing. */
function noSql(text: string): never {
  throw new Error(`no store in memory has this statement: ${text}`)
}

export class MemoryTx implements Tx {
  readonly changes: Change[] = []
  readonly afterCommit: (() => void)[] = []
  /** The keys of every row that it has locked, or would have locked. */
  readonly locked = new Set<string>()
  readonly #database: MemoryDatabase
  readonly #fate: Fate | undefined
  #written = new Set<string>()
  #statements = 0
  #last: Promise<unknown> = Promise.resolve()

  constructor(database: MemoryDatabase, fate: Fate | undefined) {
    this.#database = database
    this.#fate = fate
  }

  /** Runs behind the statements before it, once it holds the rows that it locks, in the order in which it names them. A row that is not there can't be locked. */
  statement<T>(table: Table<never>, keys: () => readonly Key[], run: () => T): Promise<T> {
    this.#written = new Set()
    this.#statements += 1
    const number = this.#statements
    const { crew } = this.#database
    if (!crew) {
      try {
        this.mayEnd(number)
        for (const key of keys()) this.locked.add(`${table.name} ${key}`)
        return Promise.resolve(run())
      } catch (error) {
        return Promise.reject(error)
      }
    }
    const done = this.#last.then(async () => {
      await crew.turn()
      const rows = this.rows<object>(table as Table<object>)
      for (const key of keys().filter((one) => rows.has(one))) {
        await crew.lock(this.#database.locks, `${table.name} ${key}`, this)
        this.locked.add(`${table.name} ${key}`)
      }
      return run()
    })
    this.#last = done
    return done
  }

  /** Whether another transaction that is open now has the row. */
  isFree = (table: Table<never>, key: Key): boolean =>
    (this.#database.locks.get(`${table.name} ${key}`) ?? this) === this

  rows = <Row extends object>(table: Table<Row>): Map<Key, Row> => this.#database.rows(table)
  get = <Row extends object>(table: Table<Row>, key: Key): Row | undefined => this.rows(table).get(key)
  nextId = () => this.#database.nextId()

  insert<Row extends object>(table: Table<Row>, key: Key, row: Row): void {
    this.#stage(table, key, (before) => {
      if (before) throw new Violation(`${table.name}: a second ${key}`)
      return row
    })
  }

  /** A row that is not there stays so. */
  update<Row extends object>(table: Table<Row>, key: Key, change: (row: Row) => Row): void {
    this.#stage(table, key, (before) => before && change(before))
  }

  upsert<Row extends object>(table: Table<Row>, key: Key, make: (before: Row | undefined) => Row): void {
    this.#stage(table, key, make)
  }

  remove(table: Table<never>, key: Key): void {
    this.#stage(table, key, () => undefined)
  }

  mayEnd(point: Fate['at']): void {
    if (this.#fate?.at === point) throw this.#fate.error
  }

  #stage<Row extends object>(table: Table<Row>, key: Key, make: (before: Row | undefined) => Row | undefined): void {
    const name = `${table.name} ${key}`
    if (this.#written.has(name)) throw new Error(`two writes of one commit touch ${name}`)
    this.#written.add(name)
    this.changes.push({ table, key, make } as Change) // its rows are of its table
  }

  query = noSql
  write = noSql
}

/** A store's one statement: in the transaction that it is given, or in one of its own. `locks` are rows that it waits for. */
export function on<T>(
  queryable: Queryable,
  work: (tx: MemoryTx) => T,
  locks?: readonly [table: Table<never>, keys: () => readonly Key[]],
): Promise<T> {
  const [table, keys] = locks ?? [NONE, () => []]
  if (queryable instanceof MemoryTx) return queryable.statement(table, keys, () => work(queryable))
  if (!(queryable instanceof MemoryDatabase)) throw new Error('this store is in memory')
  return queryable.transaction((tx) => on(tx, work, locks))
}

const NONE: Table<never> = { name: 'none' }

/** The transaction in memory that a store is given to write into, with its commit. */
export function staged(tx: Tx): MemoryTx {
  if (!(tx instanceof MemoryTx)) throw new Error('this store is in memory')
  return tx
}

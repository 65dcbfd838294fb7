/**
 * One round trip to PostgreSQL: statements that travel together and are answered together, under one Sync of the extended query
 * protocol (PostgreSQL's manual, "Pipelining"). When one fails, those behind it are not run. `pg` would send a Sync behind each
 * statement, wake both sides for each answer, and ask for the columns of a prepared statement again each time.
 */
import pg from 'pg'
import { contextNow, fail, type Span } from '../tracing.ts'
import { exchangeSpan } from './exchange-span.ts'

export interface Statement {
  /** It is prepared once per connection, under this name. */
  readonly name: string
  readonly text: string
  readonly values: (string | Buffer | null)[]
}

interface Answer {
  readonly rows: object[]
  /** PostgreSQL's command tag: `INSERT 0 1`, `COMMIT`. */
  readonly tag: string
}

export type Ask = (statement: Statement) => Promise<Answer>

/** The statements of one turn of the event loop are one exchange; the next exchange waits for its answers. */
export function conversation(client: pg.ClientBase): Ask {
  let next: Exchange | undefined
  return (statement) => {
    if (!next) {
      const exchange = new Exchange()
      next = exchange
      process.nextTick(() => {
        next = undefined
        client.query(exchange)
      })
    }
    return next.ask(statement)
  }
}

interface Column {
  readonly name: string
  readonly parse: (text: string) => unknown
}

/** The statements prepared on a connection, with their columns once known. */
const prepared = new WeakMap<pg.Connection, Map<string, readonly Column[] | undefined>>()

interface Asked {
  readonly statement: Statement
  readonly rows: object[]
  tag: string
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/** Its `handle…` methods are what `pg.Client` calls on the query that is active, as on pg-cursor's. */
class Exchange implements pg.Submittable {
  readonly #asked: Asked[] = []
  readonly #within = contextNow()
  #span: Span | undefined
  /** The statement whose answer is being read. */
  #at = 0
  #columns: Map<string, readonly Column[] | undefined> = new Map()
  #fault: unknown
  #stopCounting = () => {}

  ask(statement: Statement): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#asked.push({ statement, rows: [], tag: '', resolve, reject })
    })
  }

  submit(connection: pg.Connection): void {
    this.#span = exchangeSpan(this.#within, () => this.#asked.map(({ statement }) => statement.text))
    this.#columns = prepared.get(connection) ?? new Map()
    prepared.set(connection, this.#columns)
    const toParse = new Set(
      this.#asked.map(({ statement }) => statement.name).filter((name) => !this.#columns.has(name)),
    )
    if (toParse.size > 0) this.#countParsed(connection, [...toParse])
    connection.stream.cork()
    for (const { statement } of this.#asked) {
      const { name, text, values } = statement
      if (toParse.delete(name)) connection.parse({ name, text, types: [] }, true)
      connection.bind({ statement: name, values }, true)
      if (!this.#columns.get(name)) connection.describe({ type: 'P' }, true)
      connection.execute({}, true)
    }
    connection.sync()
    connection.stream.uncork()
  }

  /** Statements are parsed in order, and stay parsed if a later one fails. */
  #countParsed(connection: pg.Connection, names: string[]) {
    const count = () => {
      const name = names.shift()
      if (name) this.#columns.set(name, undefined)
    }
    connection.on('parseComplete', count)
    this.#stopCounting = () => connection.off('parseComplete', count)
  }

  handleRowDescription({ fields }: { fields: { name: string; dataTypeID: number }[] }): void {
    const columns = fields.map(({ name, dataTypeID }) => ({ name, parse: pg.types.getTypeParser(dataTypeID, 'text') }))
    this.#columns.set(this.#current.statement.name, columns)
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    const { statement, rows } = this.#current
    const row: Record<string, unknown> = {}
    try {
      this.#columns.get(statement.name)?.forEach(({ name, parse }, index) => {
        const text = fields[index]
        row[name] = text === null || text === undefined ? null : parse(text)
      })
      rows.push(row)
    } catch (error) {
      this.#fault ??= error
    }
  }

  handleCommandComplete({ text }: { text: string }): void {
    const { statement } = this.#current
    if (!this.#columns.get(statement.name)) this.#columns.set(statement.name, [])
    this.#current.tag = text
    this.#at += 1
  }

  /** The answer to an empty statement, such as a comment. */
  handleEmptyQuery(): void {
    this.handleCommandComplete({ text: '' })
  }

  handleError(error: unknown): void {
    this.#stopCounting()
    if (this.#span) fail(this.#span, error)
    this.#span?.end()
    for (const { reject } of this.#asked) reject(error)
  }

  handleReadyForQuery(): void {
    this.#stopCounting()
    if (this.#fault) this.handleError(this.#fault)
    this.#span?.end()
    for (const { resolve, rows, tag } of this.#asked) resolve({ rows, tag }) // in vain if it was rejected
  }

  get #current(): Asked {
    return this.#asked[this.#at] as Asked
  }
}

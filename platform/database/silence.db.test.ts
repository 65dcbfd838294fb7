/** A connection to PostgreSQL that dies, with notice or without: waiting callers are told, its locks are freed, the next one works. */
import assert from 'node:assert/strict'
import { type AddressInfo, createServer } from 'node:net'
import { after, test } from 'node:test'
import { startTcpProxy, type TcpProxy } from '../../tests/chaos/tcp-proxy.ts'
import { testDatabase, testServer } from '../../tests/fixtures/database.ts'
import { until } from '../../tests/fixtures/system.ts'
import { createDatabaseIfMissing, type Database, openDatabase } from './database.ts'
import { isUnavailable } from './pg-errors.ts'

const PATIENCE_MS = 1_000
const server = new URL(testServer())
const { database: direct } = await testDatabase()

async function throughALine(patienceMs = PATIENCE_MS): Promise<{ line: TcpProxy; url: URL; database: Database }> {
  const line = await startTcpProxy(() => Number(server.port))
  after(() => line[Symbol.asyncDispose]())
  const [named] = await direct.query<{ name: string }>('select current_database() as name')
  const url = new URL(server)
  url.port = String(line.port)
  url.pathname = `/${named?.name}`
  const database = openDatabase({ url: url.href, poolSize: 1, patienceMs, onIdleError: () => {} })
  after(() => database[Symbol.asyncDispose]())
  return { line, url, database }
}

test('an answer that never comes is an outage, and the next question goes over a new connection', async () => {
  const { line, database } = await throughALine()
  await database.query('select 1')
  line.swallow(true)
  const asked = database.query('select 2')
  await assert.rejects(asked, isUnavailable)
  line.swallow(false)
  assert.equal((await database.query('select 3')).length, 1)
})

test('a transaction that falls silent is over, and its locks are free', async () => {
  await direct.query('create table locked (id int primary key)')
  await direct.query('insert into locked values (1)')
  const { line, database } = await throughALine()
  const silent = database.transaction(async (tx) => {
    await tx.query('select from locked for update')
    line.swallow(true)
    return tx.query('select 1')
  })
  await assert.rejects(silent, isUnavailable)
  await until('the row can be had', async () => {
    const rows = await direct.query('select from locked for update skip locked')
    return rows.length === 1
  })
})

test('a statement that takes for ever is ended by the server, and counts as an outage', async () => {
  const { database } = await throughALine(4 * PATIENCE_MS) // so that the server, which gives up sooner, is first
  await assert.rejects(database.query('select pg_sleep(60)'), (error) => {
    assert.ok(isUnavailable(error))
    return (error as { code?: string }).code === '57014'
  })
})

test('a start that meets silence says so, instead of waiting for ever', async () => {
  const { line, url } = await throughALine()
  line.swallow(true)
  await assert.rejects(createDatabaseIfMissing(url.href), isUnavailable)
})

test('a server that closes a connection right after letting it in is an outage, not the end of the process', async () => {
  await using server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => socket.end(Buffer.concat([LET_IN, READY, SHUT_DOWN])))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const url = `postgres://somebody@127.0.0.1:${(server.address() as AddressInfo).port}/shop`
  await using database = openDatabase({ url, poolSize: 1, onIdleError: () => {} })
  await assert.rejects(database.query('select 1'), isUnavailable)
})

/** As in PostgreSQL's manual ("Message Formats"): a letter, the length (which includes itself), the content. */
function message(letter: string, content: Buffer): Buffer {
  const head = Buffer.alloc(5, letter)
  head.writeInt32BE(content.length + 4, 1)
  return Buffer.concat([head, content])
}

const LET_IN = message('R', Buffer.alloc(4))
const READY = message('Z', Buffer.from('I'))
const SHUT_DOWN = message('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection\0\0'))

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import pino from 'pino'
import { Type } from 'typebox'
import { httpApp } from '#platform/http'
import { openAccess } from '../tests/access.ts'
import { testDatabase } from '../tests/database.ts'
import { IdempotencyHeaders, once } from './idempotency.ts'

const { database } = await testDatabase()
await database.query(`create table notes (id bigint generated always as identity primary key, text text unique)`)

const app = await httpApp({
  access: openAccess(),
  title: 't',
  description: 'd',
  version: '0',
  log: pino({ level: 'silent' }),
})
const body = Type.Object({ text: Type.String() })
app.post('/notes', { schema: { body, headers: IdempotencyHeaders } }, (request) =>
  once(request, database, (keep) =>
    database.transaction(async (tx) => {
      const [row] = await tx.query<{ id: number }>(`insert into notes (text) values ($1) returning id`, [
        request.body.text,
      ])
      return keep(tx, { id: row?.id })
    }),
  ),
)
after(() => app.close())

async function post(text: string, key?: string) {
  const headers = key === undefined ? {} : { 'idempotency-key': key }
  const answer = await app.inject({ method: 'POST', url: '/notes', payload: { text }, headers })
  return { status: answer.statusCode, body: answer.json() }
}

test('the same key and body give the same answer again, and one effect', async () => {
  const first = await post('one', 'key-1')
  assert.deepEqual(await post('one', 'key-1'), first)
  const rows = await database.query(`select from notes where text = 'one'`)
  assert.equal(rows.length, 1)
})

test('ten copies at once have one effect and one answer', async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => post('ten', 'key-10')))
  assert.equal(answers[0]?.status, 200)
  for (const answer of answers) assert.deepEqual(answer, answers[0])
})

test('the same key with another body is refused', async () => {
  await post('two', 'key-2')
  const { status, body } = await post('three', 'key-2')
  assert.equal(status, 422)
  assert.equal(body.type, 'urn:mercado-veiculo:problem:idempotency_key_reused')
})

test('a request that failed may be tried again under its key', async () => {
  await post('four')
  assert.equal((await post('four', 'key-4')).status, 500)
  await database.query(`delete from notes where text = 'four'`)
  assert.equal((await post('four', 'key-4')).status, 200)
})

test('without a key each request has its own effect', async () => {
  assert.notDeepEqual(await post('five'), await post('six'))
})

test('a key that is no visible ASCII is refused', async () => {
  assert.equal((await post('seven', 'a key')).status, 422)
})

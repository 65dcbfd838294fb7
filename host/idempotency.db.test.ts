import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, test } from 'node:test'
import pino from 'pino'
import { Type } from 'typebox'
import { httpApp } from '#platform/http/app'
import { openAccess } from '../tests/fixtures/access.ts'
import { testDatabase } from '../tests/fixtures/database.ts'
import { IdempotencyHeaders, once } from './idempotency.ts'

const { database, vault } = await testDatabase()
await database.query(`create table notes (id bigint generated always as identity primary key, text text unique)`)

const app = await httpApp({
  access: openAccess(),
  title: 't',
  description: 'd',
  version: '0',
  log: pino({ level: 'silent' }),
})
const body = Type.Object({ text: Type.String() })
for (const path of ['/notes', '/other-notes'])
  app.post(path, { schema: { body, headers: IdempotencyHeaders } }, (request) =>
    once(request, { database, vault }, (keep) =>
      database.transaction(async (tx) => {
        const [row] = await tx.query<{ id: number }>(`insert into notes (text) values ($1) returning id`, [
          request.body.text,
        ])
        return keep(tx, { id: row?.id })
      }),
    ),
  )
after(() => app.close())

async function post(text: string, key?: string, url = '/notes') {
  const headers = key === undefined ? {} : { 'idempotency-key': key }
  const answer = await app.inject({ method: 'POST', url, payload: { text }, headers })
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

test('neither the answer nor the request can be read where they are kept', async () => {
  await post('seven', 'key-7')
  const { body } = await post('seven', 'key-7')
  const [kept] = await database.query<{ answer: string; request_hash: string }>(
    `select answer, request_hash from idempotency_keys where key = 'key-7'`,
  )
  assert.match(kept?.answer ?? '', /^v1\.\d+\./)
  assert.notEqual(kept?.request_hash, hashOf({ text: 'seven' }))
  // an answer that was moved to another key does not count
  await database.query(`update idempotency_keys set key = 'key-8' where key = 'key-7'`)
  assert.equal((await post('seven', 'key-8')).status, 500)
  assert.ok(body.id)
})

test('an answer that was kept before answers were sealed is given again', async () => {
  await post('eight', 'key-9')
  await database.query(`update idempotency_keys set answer = $1, request_hash = $2 where key = 'key-9'`, [
    { id: 4242 },
    hashOf({ text: 'eight' }),
  ])
  assert.deepEqual(await post('eight', 'key-9'), { status: 200, body: { id: 4242 } })
  assert.equal((await post('other', 'key-9')).status, 422)
})

const hashOf = (body: object) => createHash('sha256').update(JSON.stringify(body)).digest('base64url')

test('without a key each request has its own effect', async () => {
  assert.notDeepEqual(await post('five'), await post('six'))
})

test('a key that is no visible ASCII is refused', async () => {
  assert.equal((await post('seven', 'a key')).status, 422)
})

test('a key counts for one route: under another the same words are another request', async () => {
  const first = await post('of one route', 'key-of-routes')
  const other = await post('of another route', 'key-of-routes', '/other-notes')
  assert.deepEqual([first.status, other.status], [200, 200])
  assert.notEqual(other.body.id, first.body.id)
})

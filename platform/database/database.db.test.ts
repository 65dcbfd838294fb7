/** Transactions on a real PostgreSQL: all or nothing, in the order they were sent, whatever was not awaited. */
import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { databasePrefix, testServer } from '../../tests/fixtures/database.ts'
import { createDatabaseIfMissing, openDatabase, type Tx } from './database.ts'
import { isRefused, isUnavailable, violatedConstraint } from './pg-errors.ts'

const url = new URL(testServer())
url.pathname = `/${databasePrefix()}test`
const open = (poolSize: number, href = url.href) => openDatabase({ url: href, poolSize, onIdleError: () => {} })

await Promise.all(Array.from({ length: 4 }, () => createDatabaseIfMissing(url.href))) // services do start at once
const database = open(4)
after(() => database[Symbol.asyncDispose]())
await database.query('create table things (name text primary key, amount bigint not null check (amount >= 0))')

const add = (tx: Tx, name: string, amount = 0) => tx.write('insert into things values ($1, $2)', [name, amount])
const has = async (name: string) => (await database.query('select from things where name = $1', [name])).length === 1
const fail = (tx: Tx) => tx.query('select 1 / 0')

test('what a transaction did is there when it has resolved, with its result', async () => {
  const result = await database.transaction((tx) => {
    add(tx, 'kept')
    return Promise.resolve(42)
  })
  assert.equal(result, 42)
  assert.ok(await has('kept'))
})

test('a transaction that throws leaves nothing behind', async () => {
  const work = database.transaction((tx) => {
    add(tx, 'gone')
    throw new Error('it dies here')
  })
  await assert.rejects(work, /it dies here/)
  assert.ok(!(await has('gone')))
})

test('a failed write that nobody awaited fails the transaction, with its own error', async () => {
  const work = database.transaction((tx) => {
    add(tx, 'before')
    add(tx, 'negative', -1)
    add(tx, 'after')
    return Promise.resolve()
  })
  await assert.rejects(work, (error) => violatedConstraint(error) === 'things_amount_check')
  assert.deepEqual([await has('before'), await has('after')], [false, false])
})

test('a failure that the work swallowed never commits', async () => {
  const work = database.transaction(async (tx) => {
    add(tx, 'swallowed')
    await fail(tx).catch(() => {})
  })
  await assert.rejects(work)
  assert.ok(!(await has('swallowed')))
})

test('a read that fails while another is awaited fails the transaction and not the process', async () => {
  const work = database.transaction(async (tx) => {
    const first = fail(tx)
    await tx.query('select pg_sleep(0.01)')
    await first
  })
  await assert.rejects(work)
})

test('statements that were sent without awaiting run in the order they were sent', async () => {
  const seen = await database.transaction(async (tx) => {
    add(tx, 'ordered', 1)
    const one = tx.query<{ amount: number }>(`select amount from things where name = 'ordered'`)
    tx.write(`update things set amount = amount * 10 where name = 'ordered'`)
    const two = tx.query<{ amount: number }>(`select amount from things where name = 'ordered'`)
    tx.write(`delete from things where name = 'ordered'`)
    const three = tx.query<{ amount: number }>(`select amount from things where name = 'ordered'`)
    return (await Promise.all([one, two, three])).map((rows) => rows[0]?.amount)
  })
  assert.deepEqual(seen, [1, 10, undefined])
})

test('a transaction that only writes is one statement: all of it is stored, or nothing', async () => {
  const both = (amount: number) =>
    database.transaction((tx) => {
      add(tx, `left ${amount}`, 1)
      add(tx, `right ${amount}`, amount)
      return Promise.resolve()
    })
  await both(1)
  await assert.rejects(both(-1), (error) => violatedConstraint(error) === 'things_amount_check')
  const there = await Promise.all(['left 1', 'right 1', 'left -1', 'right -1'].map(has))
  assert.deepEqual(there, [true, true, false, false])
})

test('lists arrive as they are, whatever their texts hold', async () => {
  const nullable = <T>(value: fc.Arbitrary<T>) => fc.array(fc.option(value), { maxLength: 8 })
  const withSigns = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'"\\{},; \n\tNULLé😀') }),
    fc.string({ unit: 'binary', maxLength: 60 }),
  )
  const lists = fc.record({
    words: nullable(withSigns.filter((text) => !text.includes('\0'))), // PostgreSQL keeps no NUL
    documents: nullable(fc.json()),
    numbers: nullable(fc.maxSafeInteger()),
    counts: nullable(fc.integer()),
    times: nullable(
      fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true }),
    ),
    flags: nullable(fc.boolean()),
    ids: nullable(fc.uuid()),
  })
  await fc.assert(
    fc.asyncProperty(lists, async (sent) => {
      const [row] = await database.query(
        `select $1::text[] as words, $2::json[]::text[] as documents, $3::bigint[]::text[] as numbers, $4::int[] as counts,
           $5::timestamptz[] as times, $6::bool[] as flags, $7::uuid[]::text[] as ids`,
        Object.values(sent),
      )
      const numbers = sent.numbers.map((number) => (number === null ? null : String(number === 0 ? 0 : number)))
      assert.deepEqual(row, { ...sent, numbers })
    }),
    { numRuns: 200 },
  )
})

test('a list that does not fit its cast is left to PostgreSQL to take or to refuse', async () => {
  const [row] = await database.query(
    `select $1::timestamptz[]::text[] as times, $2::bigint[] as numbers, $3::uuid[]::text[] as ids, $4::numeric[]::text[] as sums`,
    [['2026-11-26T01:14:14.123456-03:00'], ['7'], ['{01A21615-1d5e-7000-8000-000000000000}'], [1.25, null]],
  )
  assert.deepEqual(row, {
    times: ['2026-11-26 04:14:14.123456+00'],
    numbers: ['7'],
    ids: ['01a21615-1d5e-7000-8000-000000000000'],
    sums: ['1.25', null],
  })
  for (const bad of ['01a21615-1d5e-7000-8000-00000000000g', '01a21615x1d5e-7000-8000-000000000000', 'é'.repeat(36)])
    await assert.rejects(database.query('select $1::uuid[] as ids', [[bad]]), /invalid input syntax for type uuid/)
  await assert.rejects(database.query('select $1::int[] as counts', [[2 ** 31]]), /out of range/)
  await assert.rejects(database.query('select $1::text[] as words', [[['nested']]]), TypeError)
  const long = Array.from({ length: 5_000 }, (_, index) => `${'é'.repeat(index % 200)}${index}`)
  assert.deepEqual(await database.query('select $1::text[] as words', [long]), [{ words: long }])
})

test('a time is read as it was written, of any year that a Date can name', async () => {
  const read = async (text: string) =>
    (await database.query<{ at: unknown }>('select $1::timestamptz as at', [text]))[0]?.at
  await fc.assert(
    fc.asyncProperty(fc.date({ min: new Date('0001-01-01'), noInvalidDate: true }), async (at) => {
      const year = at.getUTCFullYear()
      const text = year > 9999 ? at.toISOString().slice(year > 99_999 ? 1 : 2) : at.toISOString()
      assert.deepEqual(await read(text), at)
    }),
    { numRuns: 200 },
  )
  assert.deepEqual(await read('2026-11-26 04:14:14.123987-03'), new Date('2026-11-26T07:14:14.123Z'), 'microseconds go')
  assert.equal(await read('infinity'), Number.POSITIVE_INFINITY)
})

test('a time of any year that PostgreSQL knows arrives as it is, alone and in a list', async () => {
  const times = fc.date({ min: new Date('-004000-01-01'), max: new Date('+200000-01-01'), noInvalidDate: true })
  await fc.assert(
    fc.asyncProperty(times, async (at) => {
      const [row] = await database.query('select $1::timestamptz as at, ($2::timestamptz[])[1] as listed', [at, [at]])
      assert.deepEqual(row, { at, listed: at })
    }),
    { numRuns: 200, examples: [[new Date('0000-01-01')], [new Date('-000001-06-01')], [new Date('+010000-01-01')]] },
  )
})

test('a connection serves the next transaction after one that failed', async () => {
  await using one = open(1)
  await assert.rejects(one.transaction(fail), /division by zero/)
  await assert.rejects(one.transaction(async () => assert.fail('before any statement')))
  assert.deepEqual(await one.query('select 1 as one'), [{ one: 1 }])
})

test('no transaction sees what another has not committed', async () => {
  const { promise: looked, resolve } = Promise.withResolvers<void>()
  const { promise: added, resolve: isAdded } = Promise.withResolvers<void>()
  const work = database.transaction(async (tx) => {
    add(tx, 'hidden')
    isAdded()
    await looked
  })
  await added
  assert.ok(!(await has('hidden')))
  resolve()
  await work
  assert.ok(await has('hidden'))
})

test('a bigint is a number as long as a number can hold it, and refused beyond', async () => {
  const read = (value: string) => database.query<{ n: number }>('select $1::bigint as n', [value])
  assert.deepEqual(await read('9007199254740991'), [{ n: Number.MAX_SAFE_INTEGER }])
  assert.deepEqual(await read('-9007199254740991'), [{ n: Number.MIN_SAFE_INTEGER }])
  await assert.rejects(read('9007199254740993'), RangeError)
  assert.deepEqual(await read('1'), [{ n: 1 }], 'and the connection goes on')
})

test('a violated constraint is named, and any other fault names none', async () => {
  const twice = database.transaction((tx) => {
    add(tx, 'twice')
    add(tx, 'twice')
    return Promise.resolve()
  })
  await assert.rejects(twice, (error) => violatedConstraint(error) === 'things_pkey')
  await assert.rejects(database.transaction(fail), (error) => violatedConstraint(error) === undefined)
})

test('an unreachable database is told apart from a wrong statement', async () => {
  const closed = createServer().listen(0)
  const address = closed.address()
  await new Promise((resolve) => closed.close(resolve))
  const elsewhere = new URL(url.href)
  elsewhere.port = String(address && typeof address === 'object' ? address.port : 1)
  await using nobody = open(1, elsewhere.href)
  await assert.rejects(nobody.query('select 1'), isUnavailable)

  const shut = open(1)
  await shut[Symbol.asyncDispose]()
  await assert.rejects(shut.query('select 1'), isUnavailable)

  await assert.rejects(database.transaction(fail), (error) => !isUnavailable(error))
  await assert.rejects(database.query('select nothing from nowhere'), (error) => !isUnavailable(error))
  assert.ok(!isUnavailable('a string'))
  for (const state of ['53300', '53200', '53100', '57P01', '08006', '28P01', '3D000'])
    await assert.rejects(database.query(`do $$ begin raise sqlstate '${state}'; end $$`), isUnavailable, state)
})

test('a connection that is cut in the middle is the database’s fault, and the next transaction gets another', async () => {
  await using one = open(1)
  const work = one.transaction(async (tx) => {
    add(tx, 'cut')
    await tx.query('select pg_terminate_backend(pg_backend_pid())')
  })
  await assert.rejects(work, isUnavailable)
  assert.ok(!(await has('cut')))
  assert.deepEqual(await one.query('select 1 as one'), [{ one: 1 }])
})

test('a server that does not let the user in counts as an outage that a new start may mend', async () => {
  const refusals: unknown[] = []
  const onRefused = (error: Error) => void refusals.push(error)
  const wrong = Object.assign(new URL(url.href), { password: 'of-yesterday' }).href
  await using refused = openDatabase({ url: wrong, poolSize: 1, onIdleError: () => {}, onRefused })
  await assert.rejects(refused.query('select 1'), (error) => isUnavailable(error) && isRefused(error))
  assert.equal(refusals.length, 1)
})

/** Statements that travel together, on one connection of a real PostgreSQL: the answer of each, and which stay prepared when one fails. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { databasePrefix, testServer } from '../../tests/fixtures/database.ts'
import { createDatabaseIfMissing, openDatabase, type Tx } from './database.ts'
import { violatedConstraint } from './pg-errors.ts'

const url = new URL(testServer())
url.pathname = `/${databasePrefix()}test`
await createDatabaseIfMissing(url.href)
const open = () => openDatabase({ url: url.href, poolSize: 1, onIdleError: () => {} })

test('each statement of a turn gets its own answer, asked for the first time or again', async () => {
  await using database = open()
  const squared = (tx: Tx, n: number) => tx.query('select $1::int * $1::int as squared', [n])
  const nothing = (tx: Tx) => tx.query('select where false')
  const textOf = (tx: Tx, n: number) => tx.query('select $1::text as text, null::int as none', [n])
  for (const first of [1, 4])
    assert.deepEqual(
      await database.transaction((tx) =>
        Promise.all([
          squared(tx, first),
          squared(tx, first + 1),
          nothing(tx),
          textOf(tx, first),
          squared(tx, first + 2),
        ]),
      ),
      [
        [{ squared: first ** 2 }],
        [{ squared: (first + 1) ** 2 }],
        [],
        [{ text: String(first), none: null }],
        [{ squared: (first + 2) ** 2 }],
      ],
    )
})

test('a statement that failed when it was prepared is prepared again, one that failed when it ran is run again', async () => {
  await using database = open()
  const inverse = (n: number) => database.query('select 12 / $1::int as inverse', [n])
  await assert.rejects(inverse(0), /division by zero/)
  assert.deepEqual(await inverse(4), [{ inverse: 3 }])

  const later = () => database.query('select n from made_later')
  await assert.rejects(later(), /does not exist/)
  await database.query('create table made_later (n int)')
  assert.deepEqual(await later(), [])
})

test('statements behind one that fails are not run, and can be asked later', async () => {
  await using database = open()
  await database.query('create table kept (n int)')
  const keep = (tx: Tx) => tx.query('insert into kept values (1) returning n')
  const failing = database.transaction((tx) => Promise.all([tx.query('select 1'), tx.query('select 1 / 0'), keep(tx)]))
  await assert.rejects(failing, /division by zero/)
  assert.deepEqual(await database.query('select from kept'), [])
  assert.deepEqual(await database.transaction(keep), [{ n: 1 }])
})

test('a deferred constraint fails the transaction at its commit', async () => {
  await using database = open()
  await database.query('create table once (n int constraint once_only unique deferrable initially deferred)')
  const twice = database.transaction(async (tx) => {
    await tx.query('insert into once values (1)')
    await tx.query('insert into once values (1)')
  })
  await assert.rejects(twice, (error) => violatedConstraint(error) === 'once_only')
  assert.deepEqual(await database.query('select from once'), [])
})

test('an empty statement gets an empty answer', async () => {
  await using database = open()
  const both = database.transaction((tx) => Promise.all([tx.query('-- nothing'), tx.query('select 1 as one')]))
  assert.deepEqual(await both, [[], [{ one: 1 }]])
})

test('a value that cannot be read fails its statement alone: the connection goes on', async () => {
  await using database = open()
  await assert.rejects(database.query('select 9007199254740993 as n'), RangeError)
  assert.deepEqual(await database.query('select 7::bigint as n'), [{ n: 7 }])
})

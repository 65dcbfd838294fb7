/** The access log with many writers at once, and with people who try to change it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../tests/fixtures/database.ts'
import { START } from '../chain/chain.ts'
import { accessesTo, headOfAccesses, listAccesses, recordAccesses } from './access-log.ts'
import { type Access, accesses } from './chain.ts'

const { database } = await testDatabase()

const read = (about_id: number, fields = ['document']): Access => ({
  at: new Date('2026-03-02T12:00:00.123Z'),
  subject: 'maria',
  role: 'staff',
  about: 'customer',
  about_id,
  fields,
  reason: 'Dispute over a payment',
})

const { follow, hashOf } = accesses
const all = () => listAccesses(database, 0, 1_000)

test('twenty readers at once leave one chain without a gap, which ends in its head', async () => {
  await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      database.transaction((tx) => recordAccesses(tx, [read(index + 1), read(index + 1, ['phone', 'email'])])),
    ),
  )
  const entries = await all()
  assert.deepEqual(
    entries.map(({ id }) => id),
    Array.from({ length: 40 }, (_, index) => index + 1),
  )
  assert.deepEqual(follow(START, entries), await headOfAccesses(database))
  assert.deepEqual(
    (await accessesTo(database, 'customer', [3])).map(({ fields }) => fields),
    [['document'], ['phone', 'email']],
  )
})

test('a reading whose transaction fails is not on record, and leaves no gap', async () => {
  const before = await headOfAccesses(database)
  const broken = database.transaction(async (tx) => {
    await recordAccesses(tx, [read(99)])
    throw new Error('the read failed')
  })
  await assert.rejects(broken, /the read failed/)
  assert.deepEqual(await headOfAccesses(database), before)
  await database.transaction((tx) => recordAccesses(tx, [read(7)]))
  assert.equal((await headOfAccesses(database)).id, before.id + 1)
})

test('the database refuses to change, to remove and to empty it', async () => {
  const before = await all()
  for (const statement of [
    `update personal_data_access set reason = 'nothing' where id = 1`,
    `delete from personal_data_access where id = 1`,
    `truncate personal_data_access`,
  ])
    await assert.rejects(database.query(statement), /is added to and never changed/, statement)
  assert.deepEqual(await all(), before)
})

test('the database too demands a reason from staff and admins', async () => {
  const silent = database.transaction((tx) => recordAccesses(tx, [{ ...read(1), reason: null }]))
  await assert.rejects(silent, /personal_data_access_has_a_reason/)
})

test('whoever owns the tables can switch the guard off, and the chain shows what they did then', async () => {
  const kept = await headOfAccesses(database)
  await database.query(`alter table personal_data_access disable trigger user`)
  await database.query(`update personal_data_access set subject = 'joana' where id = 5`)
  assert.deepEqual(follow(START, await all()), { id: 5, reason: 'altered' })

  // with a new hash of its own, the next entry no longer follows it
  const [fifth] = await listAccesses(database, 4, 1)
  assert.ok(fifth)
  await database.query(`update personal_data_access set hash = $1 where id = 5`, [hashOf(fifth)])
  assert.deepEqual(follow(START, await all()), { id: 6, reason: 'not_linked' })

  await database.query(`delete from personal_data_access where id = 3`)
  assert.deepEqual(follow(START, await all()), { id: 3, reason: 'missing' })

  // with its end cut off, the rest is still a chain, but does not reach the head
  await database.query(`delete from personal_data_access where id > 2`)
  assert.notDeepEqual(follow(START, await all()), kept)
})

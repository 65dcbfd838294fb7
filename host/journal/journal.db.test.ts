/** The journal with many writers at once, with people who try to change it, and what becomes of its sealed values. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rotateKeys } from '#platform/vault/reseal-store'
import { testDatabase } from '../../tests/fixtures/database.ts'
import { START } from '../chain/chain.ts'
import { headOf, listEntries } from '../chain/chain-store.ts'
import { type Act, journal } from './acts.ts'
import { forgetActsAbout, historyOf, journalTables, writeJournal } from './journal.ts'

const { database, vault } = await testDatabase()

const changed = (about_id: number, more: Partial<Act> = {}): Act => ({
  by: { subject: 'maria', role: 'staff' },
  at: new Date('2026-03-02T12:00:00.123Z'),
  act: 'customer_changed',
  about: 'customer',
  about_id,
  reason: 'Moved house',
  before: { status: 'active' },
  after: { status: 'blocked' },
  ...more,
})
const write = (...acts: Act[]) => database.transaction((tx) => writeJournal(tx, vault, acts))
const all = () => listEntries(database, journal, 0, 1_000)
const historyOfCustomer = (id: number) => historyOf(database, vault, ['customer', id], Number.MAX_SAFE_INTEGER, 50)

test('twenty acts at once leave one chain without a gap, which ends in its head', async () => {
  await Promise.all(Array.from({ length: 20 }, (_, index) => write(changed(index + 1), changed(index + 1))))
  const entries = await all()
  assert.deepEqual(
    entries.map(({ id }) => id),
    Array.from({ length: 40 }, (_, index) => index + 1),
  )
  assert.deepEqual(journal.follow(START, entries), await headOf(database, journal))
})

test('an act whose transaction fails is not on record, and leaves no gap', async () => {
  const before = await headOf(database, journal)
  const broken = database.transaction(async (tx) => {
    await writeJournal(tx, vault, [changed(7)])
    throw new Error('the change failed')
  })
  await assert.rejects(broken, /the change failed/)
  assert.deepEqual(await headOf(database, journal), before)
})

test('who, when, why, before and after come back as they were', async () => {
  await write(changed(500, { approval_id: '0195571c-3f6b-7a6e-9b0c-6f1f2f0c1d2e' }))
  const [entry] = await historyOfCustomer(500)
  const { subject, role, at, act, reason, before, after, approval_id } = entry ?? assert.fail()
  assert.deepEqual([subject, role, act, reason], ['maria', 'staff', 'customer_changed', 'Moved house'])
  assert.equal(at.toISOString(), '2026-03-02T12:00:00.123Z')
  assert.deepEqual([JSON.parse(before ?? ''), JSON.parse(after ?? '')], [{ status: 'active' }, { status: 'blocked' }])
  assert.equal(approval_id, '0195571c-3f6b-7a6e-9b0c-6f1f2f0c1d2e')
})

const personal = { before: { email: 'ana@example.com' }, after: { email: 'ana.souza@example.com' } }

test('personal values lie sealed, and open again, under a new key too', async () => {
  await write(changed(501, { personal }))
  const lying = await database.query<{ text: string }>(
    `select coalesce(string_agg(journal::text, ''), '') || (select string_agg(words, '') from journal_sealed) as text from journal`,
  )
  assert.doesNotMatch(lying[0]?.text ?? '', /example\.com/)
  await rotateKeys(database, vault, journalTables, new Date())
  assert.deepEqual((await historyOfCustomer(501))[0]?.personal, personal)
  assert.deepEqual(journal.follow(START, await all()), await headOf(database, journal))
})

test('personal values are removed with their person, and the chain stays whole', async () => {
  await write(changed(502, { personal }), changed(503, { personal }))
  await database.transaction(async (tx) => forgetActsAbout(tx, 'customer', 502))
  assert.deepEqual(
    [(await historyOfCustomer(502))[0]?.personal, (await historyOfCustomer(503))[0]?.personal],
    ['gone', personal],
  )
  assert.deepEqual(journal.follow(START, await all()), await headOf(database, journal))
})

test('swapped or damaged sealed values are noticed, and spoil only their own entry', async () => {
  await write(
    changed(504, { personal }),
    changed(504),
    changed(504, { personal: { after: { email: 'b@example.com' } } }),
  )
  const [last, , first] = await historyOfCustomer(504)
  await database.query(
    `update journal_sealed set words = (select words from journal_sealed where journal_id = $1) where journal_id = $2`,
    [first?.id, last?.id],
  )
  assert.deepEqual(
    (await historyOfCustomer(504)).map((entry) => entry.personal),
    ['unreadable', 'none', personal],
  )
})

test('the database refuses to change, to remove and to empty it', async () => {
  const before = await all()
  for (const statement of [
    `update journal set subject = 'joana' where id = 1`,
    `delete from journal where id = 1`,
    `truncate journal cascade`,
  ])
    await assert.rejects(database.query(statement), /is added to and never changed/, statement)
  assert.deepEqual(await all(), before)
})

test('whoever owns the tables can switch the guard off, and the chain shows what they did then', async () => {
  const kept = await headOf(database, journal)
  await database.query(`alter table journal disable trigger user`)
  await database.query(`update journal set subject = 'joana' where id = 5`)
  assert.deepEqual(journal.follow(START, await all()), { id: 5, reason: 'altered' })
  await database.query(`delete from journal where id = 3`)
  assert.deepEqual(journal.follow(START, await all()), { id: 3, reason: 'missing' })
  await database.query(`delete from journal_sealed`)
  await database.query(`delete from journal where id > 2`)
  assert.notDeepEqual(journal.follow(START, await all()), kept)
})

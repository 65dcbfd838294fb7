/** Approvals from the side of people who try to get round them: decide for themselves, twice, late, or after things have changed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemIds } from '#platform/clock'
import { Problem } from '#platform/problem'
import { testDatabase } from '../../tests/fixtures/database.ts'
import { headOf } from '../chain/chain-store.ts'
import { journal } from '../journal/acts.ts'
import { historyOf } from '../journal/journal.ts'
import { decidedAlone, findApproval } from './approval-store.ts'
import { type ApprovalKind, approvalPolicy, decide, expectStill, openApprovals, type Wish } from './approvals.ts'

const { database, vault, unitOfWork } = await testDatabase()

let now = new Date('2026-03-02T12:00:00Z')
const clock = { now: () => now }
const policy = (APPROVALS: 'staff' | 'all') => approvalPolicy({ APPROVALS, APPROVAL_TTL_HOURS: 72 })
const approvals = openApprovals({ vault, clock, ids: systemIds, policy: policy('staff') })

const [clerk, owner, partner] = [
  { subject: 'clerk', role: 'staff' },
  { subject: 'owner', role: 'admin' },
  { subject: 'partner', role: 'admin' },
]

/** What is for sale, at a price that somebody else may move. */
await database.query(
  `create table prices (id bigint primary key, price bigint not null, changes int not null default 0)`,
)
const price: ApprovalKind = {
  kind: 'price',
  async carryOut(tx, _send, approval) {
    const [row] = await tx.query<{ price: number }>(`select price from prices where id = $1 for update`, [
      approval.about_id,
    ])
    expectStill(approval, { price: row?.price })
    tx.write(`update prices set price = $2, changes = changes + 1 where id = $1`, [
      approval.about_id,
      approval.request.price,
    ])
  },
}
const parts = { database, unitOfWork, vault, clock, kinds: [price] }

let vehicles = 0
async function asked(by = clerk, more: Partial<Wish> = {}) {
  vehicles += 1
  await database.query(`insert into prices (id, price) values ($1, 100)`, [vehicles])
  const about = { about: 'vehicle', about_id: vehicles } as const
  const wish = { kind: 'price', ...about, request: { price: 50 }, rests_on: { price: 100 }, reason: 'Hail damage' }
  return unitOfWork((tx) => approvals.ask(tx, by, { ...wish, ...more }))
}
const approve = (id: string, by = owner) => decide(parts, { id, by, status: 'approved', because: null })
const reject = (id: string, by = owner) => decide(parts, { id, by, status: 'rejected', because: 'Too cheap' })
const stateOf = async (about_id: string) => {
  const [row] = await database.query<{ price: number; changes: number }>(
    `select price, changes from prices where id = $1`,
    [about_id],
  )
  return [row?.price, row?.changes]
}
const refused = (problem: string) => (error: unknown) => error instanceof Problem && error.problem === problem

test('nothing happens until somebody else approves, and then it does, with both names on record', async () => {
  const { id, about_id } = await asked()
  assert.deepEqual(await stateOf(about_id), [100, 0])
  assert.equal((await approve(id)).status, 'approved')
  assert.deepEqual(await stateOf(about_id), [50, 1])
  const entries = await historyOf(database, vault, ['vehicle', about_id], Number.MAX_SAFE_INTEGER, 10)
  assert.deepEqual(
    entries.map(({ act, subject, approval_id }) => [act, subject, approval_id]),
    [
      ['approval_approved', 'owner', id],
      ['approval_asked', 'clerk', id],
    ],
  )
})

test('the one who asked neither approves nor rejects, whatever their role has become meanwhile', async () => {
  const own = await asked()
  await assert.rejects(approve(own.id, { subject: 'clerk', role: 'admin' }), refused('approval_own'))
  await assert.rejects(reject(own.id, clerk), refused('approval_own'))
  const ofAdmin = await asked(owner)
  await assert.rejects(approve(ofAdmin.id), refused('approval_own'))
  assert.deepEqual(
    [await stateOf(own.about_id), await stateOf(ofAdmin.about_id)],
    [
      [100, 0],
      [100, 0],
    ],
  )
  assert.equal((await approve(ofAdmin.id, partner)).decided?.subject, 'partner')
})

test('nobody decides about their own customer record, nor about its purchases', async () => {
  const of = { about: 'payment', request: { price: 50, customer_id: 7 } } as const
  const [bought, record] = [await asked(clerk, of), await asked(clerk, { about: 'customer' })]
  const decideAs = (id: string, own_customer_id: number) =>
    decide(parts, { id, by: owner, status: 'approved', because: null, own_customer_id })
  await assert.rejects(decideAs(bought.id, 7), refused('own_record'))
  await assert.rejects(decideAs(record.id, Number(record.about_id)), refused('own_record'))
  assert.deepEqual(await stateOf(bought.about_id), [100, 0])
  assert.equal((await decideAs(bought.id, 8)).status, 'approved')
})

test('of two people who decide at once, only one decides', async () => {
  const { id, about_id } = await asked()
  const decisions = await Promise.allSettled([
    approve(id),
    approve(id, partner),
    reject(id),
    approve(id),
    approve(id, partner),
  ])
  const done = decisions.filter(({ status }) => status === 'fulfilled')
  assert.equal(done.length, 1)
  for (const one of decisions) assert.ok(one.status === 'fulfilled' || refused('approval_decided')(one.reason))
  const [, changes] = await stateOf(about_id)
  assert.equal(changes, (await findApproval(database, id))?.status === 'approved' ? 1 : 0)
  await assert.rejects(approve(id, partner), refused('approval_decided'))
})

test('an approval whose grounds have changed is refused: nothing is done, and nothing is written', async () => {
  const { id, about_id } = await asked()
  await database.query(`update prices set price = 90 where id = $1`, [about_id])
  const head = await headOf(database, journal)
  await assert.rejects(approve(id), refused('approval_stale'))
  assert.deepEqual(await stateOf(about_id), [90, 0])
  assert.equal((await findApproval(database, id))?.status, 'waiting')
  assert.deepEqual(await headOf(database, journal), head)
  assert.equal((await reject(id)).status, 'rejected', 'it can still be said no to')
})

test('an approval that has waited for too long is no longer decided', async () => {
  const { id, about_id, expires_at } = await asked()
  now = expires_at
  await assert.rejects(approve(id), refused('approval_expired'))
  await assert.rejects(reject(id), refused('approval_expired'))
  assert.deepEqual(await stateOf(about_id), [100, 0])
})

test('a rejected approval stays rejected, and nobody decides what nobody asked for', async () => {
  const { id, about_id } = await asked()
  assert.equal((await reject(id)).decided?.because, 'Too cheap')
  await assert.rejects(approve(id, partner), refused('approval_decided'))
  assert.deepEqual(await stateOf(about_id), [100, 0])
  await assert.rejects(approve(systemIds.uuid()), refused('approval_not_found'))
})

test('a decision that cannot be carried out leaves the approval undecided', async () => {
  const { id } = await asked(clerk, { about_id: 999_999, rests_on: {} })
  await database.query(`update approvals set request = '{"price": null}' where id = $1`, [id])
  await assert.rejects(unitOfWork(async () => approve(id)))
  assert.equal((await findApproval(database, id))?.status, 'waiting')
})

test('the database itself refuses a decision by the one who asked', async () => {
  const { id } = await asked()
  const forged = database.query(
    `update approvals set status = 'approved', decided_by = asked_by, decided_role = 'admin', decided_at = now() where id = $1`,
    [id],
  )
  await assert.rejects(forged, /approvals_decided_by_somebody_else/)
})

test('staff always need another person, an admin only where everybody asks', () => {
  const strict = openApprovals({ vault, clock, ids: systemIds, policy: policy('all') })
  assert.deepEqual([approvals.needsAnother(clerk), approvals.needsAnother(owner)], [true, false])
  assert.deepEqual([strict.needsAnother(clerk), strict.needsAnother(owner)], [true, true])
})

test('a decision that an admin makes alone is on record as such', async () => {
  const wish = {
    kind: 'price',
    about: 'vehicle',
    about_id: 1,
    request: { price: 1 },
    rests_on: { price: 2 },
    reason: null,
  } as const
  const { id } = await unitOfWork(async (tx) => approvals.decideAlone(tx, owner, wish))
  assert.ok((await decidedAlone(database, new Date(0), 10)).some((one) => one.id === id))
  await assert.rejects(approve(id, partner), refused('approval_decided'))
})

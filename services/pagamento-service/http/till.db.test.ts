/** The till, from the side of a clerk who takes more out of it than one person may, or finds it missing. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { call, clock, deal, HOUR, pay } from './parts.suite.ts'

const close = (body: object, who?: string) => call('POST', '/closings', body, who)
const approve = (id: string, who = 'admin.ada') => call('POST', `/approvals/${id}/approve`, {}, who)
const taken = (amount: number) => [{ amount, reason: 'Malote para o banco' }]
const lastClosing = async () => (await call('GET', '/closings?kind=day&limit=1')).body.closings[0]
const nextDay = () => {
  clock.at = new Date(clock.at.getTime() + 24 * HOUR)
}

test('what is taken out of the till beyond the limit waits for a second person, who reads what it was for', async () => {
  await pay(await deal(30_000), undefined)
  const asked = await close({ counted: 10_000, float: 10_000, withdrawals: taken(20_000) })
  assert.deepEqual([asked.status, asked.body.kind], [202, 'till_closing'], JSON.stringify(asked.body))
  assert.match(asked.body.request.withdrawals, /20000\.00 Malote para o banco/)
  assert.equal(await lastClosing(), undefined)
  await pay(await deal(500), undefined)
  assert.equal((await approve(asked.body.approval_id)).status, 200)
  const closed = await lastClosing()
  assert.deepEqual([closed.withdrawn, closed.expected, closed.closed_by], [20_000, 10_000, 'staff rui'])
  nextDay()
  const next = await close({ counted: 10_500 })
  assert.deepEqual(
    [next.status, next.body.totals],
    [201, { banknotes: 500 }],
    'what came while it waited is in the next',
  )
})

test('what is missing counts like what was taken, with whatever reason', async () => {
  await pay(await deal(30_000), undefined)
  nextDay()
  assert.equal((await close({ counted: 15_000, reason: 'Contado de novo' })).status, 202)
})

test('a closing that another one has overtaken is refused', async () => {
  nextDay()
  const asked = await close({ counted: 0, withdrawals: taken(30_000) })
  assert.equal(asked.status, 202, JSON.stringify(asked.body))
  nextDay()
  assert.equal((await close({ counted: 30_000, float: 30_000 }, 'admin.ada')).status, 201)
  assert.equal((await approve(asked.body.approval_id)).status, 409)
})

test('several closings a day add up', async () => {
  const [first, second] = ['2026-12-01', '2026-12-02']
  clock.at = new Date('2026-12-02T12:00:00Z')
  assert.equal((await close({ date: first, counted: 24_000, float: 24_000, withdrawals: taken(6_000) })).status, 201)
  assert.equal((await close({ date: second, counted: 18_000, float: 18_000, withdrawals: taken(6_000) })).status, 202)
})

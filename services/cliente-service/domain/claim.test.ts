/** Which records can be claimed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isClaimable, type Registered } from './claim.ts'

const now = new Date('2026-11-29T12:00:00Z')
const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000)
const record: Registered = {
  status: 'active',
  email: 'rosa@example.com',
  email_proven_at: ago(1),
  email_changed_at: null,
  registered_by: 'staff maria',
  has_account: false,
  is_deceased: false,
}

test('a record of the counter with a proven e-mail can be claimed', () => {
  assert.ok(isClaimable(record, now))
  assert.ok(isClaimable({ ...record, status: 'blocked' }, now))
})

test('nothing else can', () => {
  for (const other of [
    { registered_by: null },
    { has_account: true },
    { is_deceased: true },
    { status: 'erased' },
    { email: null },
    { email_proven_at: null },
  ] as const)
    assert.equal(isClaimable({ ...record, ...other }, now), false, JSON.stringify(other))
})

test('a changed e-mail blocks claims for 72 hours, to the moment', () => {
  assert.equal(isClaimable({ ...record, email_changed_at: ago(0) }, now), false)
  assert.equal(isClaimable({ ...record, email_changed_at: new Date(ago(72).getTime() + 1) }, now), false)
  assert.ok(isClaimable({ ...record, email_changed_at: ago(72) }, now))
})

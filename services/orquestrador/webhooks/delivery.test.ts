/** The rules of a delivery: given an attempt and its result, then this is the delivery's new state. */
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { afterAttempt, backOff, DISABLED, interrupted, MAX_FAILURES } from './delivery.ts'
import { newSecret, signatureOf, standardHeaders } from './signature.ts'

const now = new Date('2026-01-05T12:00:00Z')
const first = { id: 1, attempts: 1, failures: 0 }
const MINUTE_MS = 60_000

for (const status_code of [200, 204, 299]) {
  test(`an answer of ${status_code} is success`, () => {
    const { status, due_at, finished_at } = afterAttempt(first, { status_code }, now)
    assert.deepEqual([status, due_at, finished_at], ['delivered', null, now])
  })
}

for (const result of [{ status_code: 301 }, { status_code: 400 }, { status_code: 503 }, { error: 'timed_out' }]) {
  test(`${JSON.stringify(result)} is tried again a minute later`, () => {
    const after = afterAttempt(first, result, now)
    assert.deepEqual([after.status, after.failures, after.finished_at], ['pending', 1, null])
    assert.deepEqual(after.due_at, new Date(now.getTime() + MINUTE_MS))
  })
}

test('the waits double from a minute up to six hours, and last longer than a day', () => {
  const waits = Array.from({ length: MAX_FAILURES - 1 }, (_, index) => backOff(index + 1) / MINUTE_MS)
  assert.deepEqual(waits.slice(0, 4), [1, 2, 4, 8])
  assert.equal(Math.max(...waits), 360)
  assert.ok(waits.reduce((sum, wait) => sum + wait) > 24 * 60)
})

test('the last failure is the end of it', () => {
  const last = { id: 1, attempts: 40, failures: MAX_FAILURES - 1 }
  const { status, due_at, last_status_code } = afterAttempt(last, { status_code: 500 }, now)
  assert.deepEqual([status, due_at, last_status_code], ['failed', null, 500])
})

test('410 and a disabled subscription end it at once', () => {
  assert.equal(afterAttempt(first, { status_code: 410 }, now).status, 'failed')
  assert.equal(afterAttempt(first, DISABLED, now).status, 'failed')
})

test('an attempt that our own stop cut off is due at once and does not count as a failure', () => {
  const after = interrupted({ id: 1, attempts: 5, failures: 3 }, now)
  assert.deepEqual([after.status, after.failures, after.due_at], ['pending', 3, now])
})

test('a signature names its second and has a mark for each valid secret, over the second and the body', () => {
  const [fresh, old] = [newSecret(), newSecret()]
  assert.match(fresh, /^whsec_[\w+/]{43}=$/)
  const mark = (secret: string) =>
    createHmac('sha256', secret)
      .update(`${now.getTime() / 1_000}.{"a":1}`)
      .digest('hex')
  const signature = signatureOf([fresh, old], new Date(now.getTime() + 999), '{"a":1}')
  assert.equal(signature, `t=${now.getTime() / 1_000},v1=${mark(fresh)},v1=${mark(old)}`)
})

test('a library of Standard Webhooks accepts a delivery that is signed with either of two valid secrets, and no other', () => {
  const [fresh, old, foreign] = [newSecret(), newSecret(), newSecret()]
  const at = new Date()
  const headers = standardHeaders([fresh, old], 'msg-1', at, '{"a":1}')
  for (const secret of [fresh, old]) assert.deepEqual(new Webhook(secret).verify('{"a":1}', headers), { a: 1 })
  assert.throws(() => new Webhook(foreign).verify('{"a":1}', headers))
  assert.throws(() => new Webhook(fresh).verify('{"a":2}', headers))
  assert.throws(() => new Webhook(fresh).verify('{"a":1}', { ...headers, 'webhook-id': 'msg-2' }))
  const late = standardHeaders([fresh], 'msg-1', new Date(at.getTime() - 3_600_000), '{"a":1}')
  assert.throws(() => new Webhook(fresh).verify('{"a":1}', late))
})

test('a secret from before, written in base64url, signs as the same bytes in base64 do', () => {
  const before = `whsec_${Buffer.from([...Array(32).keys()].map((n) => 255 - n)).toString('base64url')}`
  const standard = `${before.replaceAll('-', '+').replaceAll('_', '/').replace('whsec/', 'whsec_')}=`
  const headers = standardHeaders([before], 'msg-1', new Date(), '{"a":1}')
  assert.deepEqual(new Webhook(standard).verify('{"a":1}', headers), { a: 1 })
})

/** The period of a report, and the one that it is compared with. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { periodIn } from './report-period.ts'

const period = (query: string, today = '2026-11-29') => periodIn(new URLSearchParams(query), today)

test('the default is the twelve months up to today, compared with the twelve before', () => {
  const { from, to, unit, keys, before } = period('')
  assert.deepEqual(
    [from, to, unit, keys.length, keys[0], keys.at(-1)],
    [...['2025-12-01', '2026-11-29', 'month', 12, '2025-12', '2026-11']],
  )
  assert.deepEqual([before?.from, before?.to, before?.keys.length], ['2024-12-01', '2025-11-29', 12])
})

test('a single month is shown by days, compared with as many days before', () => {
  const { unit, keys, before } = period('de=2026-11-01&ate=2026-11-29')
  assert.deepEqual([unit, keys.length, before?.from, before?.to], ['day', 29, '2026-10-03', '2026-10-31'])
})

test('a day that the month before does not have becomes its last day', () => {
  assert.equal(period('de=2026-01-01&ate=2026-03-31').before?.to, '2025-12-31')
  assert.equal(period('de=2026-03-31&ate=2026-05-31').before?.to, '2026-02-28')
})

test('impossible days, days to come and days of long ago are ignored', () => {
  for (const nonsense of ['de=2026-02-31', 'de=ontem', 'de=2026-12-24', 'de=1900-01-01'])
    assert.equal(period(nonsense).from, '2025-12-01', nonsense)
  assert.equal(period('ate=2027-01-01').to, '2026-11-29')
  assert.equal(period('comparar=nao').before, undefined)
})

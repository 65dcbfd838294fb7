/** Heads kept outside the database, from the side of an owner of everything who cuts a chain off and removes the heads that tell. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endUnder, entryUnder, type Heads, headsOf } from './kept-heads.ts'

const HOUR_MS = 3_600_000
const BEGUN_MS = Date.parse('2026-03-02T09:00:00Z')
const after = (hours: number) => new Date(BEGUN_MS + hours * HOUR_MS)

/** An entry at each of these hours, numbered from 1. */
function faultOf(hours: readonly number[], kept: readonly number[], now = hours.at(-1) ?? 0): string | undefined {
  let heads: Heads = headsOf(kept.map((id) => ({ id })))
  for (const [index, hour] of hours.entries()) {
    const next = entryUnder(heads, { id: index + 1, at: after(hour).toISOString() })
    if (typeof next === 'string') return next
    heads = next
  }
  return endUnder(heads, after(now))
}
const A_DAY = Array.from({ length: 24 }, (_, hour) => hour)

test('a chain with a head for each hour is whole, and so is its last hour', () => {
  assert.equal(
    faultOf(
      A_DAY,
      A_DAY.map((hour) => hour + 1),
    ),
    undefined,
  )
  assert.equal(faultOf([0, 0.2, 0.9], []), undefined)
})

test('all heads removed, or replaced by one of now, are missed', () => {
  assert.match(faultOf(A_DAY, []) ?? '', /no head was kept of entries 1 to 6/)
  assert.match(faultOf(A_DAY, [24]) ?? '', /heads were removed/)
})

test('heads removed from the middle are missed', () => {
  const some = A_DAY.map((hour) => hour + 1).filter((id) => id < 8 || id > 14)
  assert.match(faultOf(A_DAY, some) ?? '', /no head was kept of entries 8 to 13/)
})

test('an end without heads is missed once the service has had the time to keep one', () => {
  assert.equal(faultOf([0, 1], [1], 3), undefined)
  assert.match(faultOf([0, 1], [1], 5) ?? '', /entries 2 to 2/)
})

test('a pause of the service is no fault: its next start keeps a head', () => {
  assert.equal(faultOf([0, 0.5, 60, 60.5], [3, 4]), undefined)
})

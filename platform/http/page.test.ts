import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Problem } from '../problem.ts'
import { cursorAt, dayBehind, idBehind, pageOf, placeBehind } from './page.ts'

test('reading page by page gives each row of the list once, and the last page says that it is the last', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 1_000 })), fc.integer({ min: 1, max: 9 }), (ids, limit) => {
      const all = ids.sort((one, other) => one - other).map((id) => ({ id }))
      const seen: { id: number }[] = []
      let cursor: string | null = null
      do {
        const after: number = idBehind(cursor ?? undefined) ?? 0
        const found = all.filter(({ id }) => id > after).slice(0, limit + 1)
        const { page, next_cursor } = pageOf(found, limit, ({ id }) => String(id))
        seen.push(...page)
        cursor = next_cursor
      } while (cursor !== null)
      assert.deepEqual(seen, all)
    }),
  )
})

test('a page that is exactly full is followed by none', () => {
  assert.deepEqual(
    pageOf([1, 2], 2, () => assert.fail('asked for a cursor')),
    { page: [1, 2], next_cursor: null },
  )
})

test('a cursor leads back to the place that it was made from', () => {
  const number = fc.integer({ min: 0, max: 999_999_999_999_999 })
  fc.assert(
    fc.property(number, number, (price, id) => {
      assert.deepEqual(placeBehind(cursorAt(price, id), 2), [price, id])
      assert.deepEqual(placeBehind(cursorAt(id), 1), [id, 0])
    }),
  )
})

test('a cursor of another list, or of none, is refused and named', () => {
  for (const [cursor, numbers] of [
    [cursorAt(1), 2],
    [cursorAt(1, 2), 1],
    [cursorAt(-1), 1],
    [cursorAt(1_000_000_000_000_000), 1],
    [cursorAt(1.5), 1],
    ['', 1],
    ['nonsense', 1],
  ] as const)
    assert.throws(
      () => placeBehind(cursor, numbers),
      (error) =>
        error instanceof Problem &&
        error.problem === 'validation_failed' &&
        JSON.stringify(error.extensions).includes('/querystring/cursor'),
      cursor,
    )
})

test('a cursor by day leads to that day and row, and is refused if the calendar has no such day', () => {
  assert.deepEqual(dayBehind('2028-02-29.17'), { day: '2028-02-29', id: 17 })
  assert.equal(dayBehind(undefined), null)
  for (const day of ['2026-02-29', '2026-04-31', '2026-99-99', '0000-01-01'])
    assert.throws(
      () => dayBehind(`${day}.1`),
      (error) => error instanceof Problem && error.problem === 'validation_failed',
    )
})

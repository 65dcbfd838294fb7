/**
 * Lists, a page at a time: the query, the fields that tell of other pages, and how a page is cut. A list reads one row more
 * than was asked for. If that row is there, another page follows.
 */
import { Type } from 'typebox'
import { Problem } from '../problem.ts'

export const Total = Type.Integer({ description: 'Exact up to 10,000, an estimate beyond' })

export const NextCursor = Type.Union([Type.String(), Type.Null()])

export const Limit = Type.Integer({ minimum: 1, maximum: 100, default: 50 })

/** The query of a list in the order of its ids: its cursor is the id of the last row. */
export const pageById = {
  limit: Limit,
  cursor: Type.Optional(Type.String({ pattern: '^\\d{1,15}$', description: 'The `next_cursor` of the page before' })),
}

/** The query of a list whose cursors are made by `cursorAt`. */
export const pageByPlace = {
  limit: Limit,
  cursor: Type.Optional(
    Type.String({ maxLength: 200, description: 'The `next_cursor` of the page before, for the same list and order' }),
  ),
}

/** The query of a list in the order of days, and of ids within a day. */
export const pageByDay = {
  limit: Limit,
  cursor: Type.Optional(
    Type.String({
      pattern: '^\\d{4}-\\d{2}-\\d{2}\\.\\d{1,15}$',
      description: 'The `next_cursor` of the page before',
    }),
  ),
}

/** `found` holds the rows of the page, and the next row if there is one. */
export function pageOf<Row>(found: readonly Row[], limit: number, cursorOf: (last: Row) => string) {
  const page = found.slice(0, limit)
  const last = found.length > limit ? page.at(-1) : undefined
  return { page, next_cursor: last === undefined ? null : cursorOf(last) }
}

/** The id behind which a list in the order of its ids goes on; null: it begins. */
export const idBehind = (cursor: string | undefined): number | null => (cursor === undefined ? null : Number(cursor))

/** The row behind which a list in the order of days goes on; null: it begins. */
export function dayBehind(cursor: string | undefined): { day: string; id: number } | null {
  if (cursor === undefined) return null
  const [day = '', id] = cursor.split('.')
  if (!isInCalendar(day)) throw foreignCursor()
  return { day, id: Number(id) }
}

/** PostgreSQL knows neither February 30 nor a year 0. */
function isInCalendar(day: string): boolean {
  const at = Date.parse(day)
  return day > '0001' && !Number.isNaN(at) && new Date(at).toISOString().startsWith(day)
}

/** The cursor of a row, by the numbers that its list is ordered by. */
export const cursorAt = (...place: readonly number[]): string => Buffer.from(place.join('.')).toString('base64url')

/** The place that a cursor stands for: one number, or a price in cents and an id. */
export function placeBehind(cursor: string, numbers: 1 | 2): [number, number] {
  const place = Buffer.from(cursor, 'base64url').toString().split('.')
  const [first = '', second = '0'] = place
  if (place.length === numbers && NUMBER.test(first) && NUMBER.test(second)) return [Number(first), Number(second)]
  throw foreignCursor()
}

/** The answer to a cursor that the list did not make. */
export const foreignCursor = () =>
  new Problem('validation_failed', {
    errors: [{ path: '/querystring/cursor', message: 'is not a cursor of this list' }],
  })

/** At most 15 digits: a safe integer, and within PostgreSQL's bigint. */
const NUMBER = /^[0-9]{1,15}$/

/** Cursors of lists: the place behind a row, by the numbers that the list is ordered by. */
import { Type } from 'typebox'
import { Problem } from '#platform/problem'

export const pageQuery = {
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 50 }),
  cursor: Type.Optional(
    Type.String({ maxLength: 200, description: 'The `next_cursor` of the page before, for the same list and order' }),
  ),
}

export const cursorAt = (...place: readonly number[]): string => Buffer.from(place.join('.')).toString('base64url')

/** The place, of one number, or of a price in cents and an id. Throws the problem `validation_failed`. */
export function placeBehind(cursor: string, numbers: 1 | 2): [number, number] {
  const place = Buffer.from(cursor, 'base64url').toString().split('.')
  const [first = '', second = '0'] = place
  if (place.length === numbers && NUMBER.test(first) && NUMBER.test(second)) return [Number(first), Number(second)]
  throw new Problem('validation_failed', {
    errors: [{ path: '/querystring/cursor', message: 'is not a cursor of this list' }],
  })
}

/** Of at most 15 digits: a safe integer, and within PostgreSQL's bigint. */
const NUMBER = /^[0-9]{1,15}$/

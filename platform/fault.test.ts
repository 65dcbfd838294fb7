/** Faults as operators read them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { wordsOf } from './fault.ts'

const said = (code: string, message: string, more: object = {}) =>
  Object.assign(new pg.DatabaseError(message, 0, 'error'), { code, ...more })

test('an operator reads what went wrong, without what the database repeats of it', () => {
  const taken = said('23505', 'duplicate key value', {
    detail: 'Key (email)=(ana@example.com) already exists.',
    table: 'people',
    constraint: 'customers_email_unique',
  })
  assert.equal(wordsOf(taken), 'DatabaseError 23505 people customers_email_unique')
  const unread = said('22P02', 'invalid input syntax for type bigint: "Ana Souza"', { routine: 'pg_strtoint64_safe' })
  assert.equal(wordsOf(unread), 'DatabaseError 22P02 pg_strtoint64_safe')
  assert.equal(wordsOf(said('P0001', 'the ledger is out of order')), 'error: the ledger is out of order')
})

test('faults of our own keep their words, but for identifiers', () => {
  assert.equal(wordsOf(new Error('hold of customer 7 is gone')), 'Error: hold of customer 7 is gone')
  assert.equal(wordsOf(new TypeError('no 529.982.247-25')), 'TypeError: no […]')
  assert.equal(wordsOf('ana@example.com'), 'unknown fault')
})

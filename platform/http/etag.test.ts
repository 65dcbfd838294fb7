import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FastifyRequest } from 'fastify'
import { Problem } from '../problem.ts'
import { checkIfMatch, etagOf } from './etag.ts'

const row = { id: 7, row_version: '1234' }
const asking = (condition?: string) => ({ headers: { 'if-match': condition } }) as unknown as FastifyRequest

test('a change that names no version, any version or the current one goes ahead', () => {
  for (const condition of [undefined, '*', etagOf(row), `"1.1", ${etagOf(row)}`]) checkIfMatch(asking(condition), row)
})

test('a change of an older version is refused', () => {
  for (const condition of ['"7.1233"', '7.1234', '', `W/${etagOf(row)}`]) {
    assert.throws(
      () => checkIfMatch(asking(condition), row),
      (error) => error instanceof Problem && error.problem === 'precondition_failed',
    )
  }
})

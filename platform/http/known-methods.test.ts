import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fits } from './known-methods.ts'

test('a path fits a pattern segment by segment, and no id is empty', () => {
  for (const [pattern, path, isFit] of [
    ['/customers/:id', '/customers/1', true],
    ['/customers/:id', '/customers/', false],
    ['/customers/:id', '/customers', false],
    ['/customers/:id', '/customers/1/vehicles', false],
    ['/customers/:id/vehicles', '/customers/1/vehicles', true],
    ['/customers', '/customersx', false],
    ['/auth/*', '/auth/a/b', true],
    ['/auth/*', '/auth', false],
  ] as const)
    assert.equal(fits(pattern, path), isFit, `${pattern} ${path}`)
})

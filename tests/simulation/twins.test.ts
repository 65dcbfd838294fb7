/** A store of a service stays real in the simulation only by decision. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { twinOf } from './twins.ts'

test('a store is known by its whole path, however deep it lies, not by its name alone', () => {
  assert.match(twinOf('services/orquestrador/runner/saga-store.ts') ?? '', /memory-saga-store\.ts$/)
  assert.match(twinOf('messaging/outbox/outbox.ts') ?? '', /memory-outbox\.ts$/)
  assert.throws(
    () => twinOf('services/veiculo-service/runner/saga-store.ts'),
    /saga-store\.ts would speak to PostgreSQL/,
  )
  assert.throws(() => twinOf('services/veiculo-service/a/b/c/new-store.ts'), /new-store\.ts would speak to PostgreSQL/)
})

test('a store without a twin stays real only with a reason, and other files need neither', () => {
  const path = 'services/veiculo-service/a/new-store.ts'
  assert.equal(twinOf(path, { [path]: 'read by routes alone' }), undefined)
  assert.equal(twinOf('services/veiculo-service/reservations/commands.ts'), undefined)
})

/** The language of sagas: wrong declarations are refused, at run time and at compile time. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Type } from 'typebox'
import { messageContract } from '#contracts'
import { ask, call, saga, undo } from './index.ts'

const seat = messageContract('commands.seat.take', [], Type.Object({ row: Type.Integer() }))
const taken = messageContract('events.seat.taken', [], Type.Object({ row: Type.Integer() }))
const parts = {
  ask: ask({ command: seat, from: () => ({ row: 1 }), done: taken, keep: ({ row }) => ({ row }) }),
  undo: undo({ step: 'SEAT_RETURN', command: seat, from: () => ({ row: 1 }), done: taken }),
}

test('refuses a step whose name is taken by another step or by what undoes it', () => {
  const draft = saga('theatre', 1).step('SEAT', parts)
  assert.throws(() => draft.step('SEAT', { ask: parts.ask }), /theatre: the step name SEAT is taken/)
  assert.throws(() => draft.step('SEAT_RETURN', { ask: parts.ask }), /the step name SEAT_RETURN is taken/)
  assert.throws(() => draft.step('SEAT_AGAIN', parts), /the step name SEAT_RETURN is taken/)
  const namesakes = { ...parts, undo: { ...parts.undo, step: 'BOX' } }
  assert.throws(() => draft.step('BOX', namesakes), /the step name BOX is taken/)
  const bought = draft.pivot('TICKET', { call: call({ name: 'print', from: () => ({}) }) })
  assert.throws(() => bought.step('TICKET', { ask: parts.ask }), /the step name TICKET is taken/)
})

test('the compiler lets a step use what earlier replies have brought, and nothing else', () => {
  const needsRow = { ask: ask({ command: seat, from: ({ row }: { row: number }) => ({ row }), done: taken }) }
  saga<{ guest: string }>('theatre', 1).step('SEAT', parts).step('DRINK', needsRow)
  // @ts-expect-error no reply has brought a row yet
  saga<{ guest: string }>('theatre', 1).step('DRINK', needsRow)
  const returnsRow = undo({ step: 'BACK', command: seat, from: ({ row }: { row: number }) => ({ row }), done: taken })
  // @ts-expect-error a step that was cut off is undone without its own reply
  saga<{ guest: string }>('theatre', 1).step('SEAT', { ...parts, undo: returnsRow })
})

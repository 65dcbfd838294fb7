/** An operator's decisions about a saga: give up a step that it waits for, or run an ended saga once more. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SagaStatus } from '#contracts'
import { isFinal, type SagaInput } from './index.ts'
import {
  cancel,
  deadline,
  flightBooked,
  flightReturned,
  ignores,
  letterSent,
  notPrinted,
  printed,
  refusal,
  resume,
  roomBooked,
  roomReturned,
  sent,
  taxiOrdered,
  then,
  toFlight,
  toLetter,
  toTicket,
  trip,
  waitInVain,
  waits,
} from './trip.suite.ts'

const giveUp: SagaInput = { kind: 'give_up', by: 'admin', reason: 'paid back at the desk' }
const redo: SagaInput = { kind: 'redo', by: 'admin', reason: 'restored from yesterday' }

test('an undo that is given up is passed over, the others are done, and the record says who and why', () => {
  const stuck = waitInVain([...toFlight, cancel])
  then(stuck.last, 'FAILED_REQUIRES_MANUAL_INTERVENTION', 'CANCELLATION_FLIGHT_RETURN')
  const given = trip([...stuck.story, 100, giveUp])
  then(given, 'CANCELLING', 'CANCELLATION_ROOM_RETURN', 'commands.room.return')
  assert.deepEqual([given.transition?.what, given.transition?.reason], ['given_up', 'paid back at the desk (by admin)'])
  const ended = trip([...stuck.story, 100, giveUp, roomReturned])
  then(ended, 'CANCELLED', 'CANCELLATION_COMPLETE', 'events.trip.cancelled')
  assert.deepEqual(ended.saga.unwinding?.given_up, [
    {
      step: 'CANCELLATION_FLIGHT_RETURN',
      by: 'admin',
      reason: 'paid back at the desk',
      at: '2026-01-05T12:01:40.000Z',
    },
  ])
})

test('each undo that is given up is on record', () => {
  const first = waitInVain([...toFlight, cancel])
  const second = waitInVain([...first.story, 100, giveUp])
  const ended = trip([...second.story, 200, giveUp])
  then(ended, 'CANCELLED', 'CANCELLATION_COMPLETE', 'events.trip.cancelled')
  assert.deepEqual(
    ended.saga.unwinding?.given_up?.map(({ step }) => step),
    ['CANCELLATION_FLIGHT_RETURN', 'CANCELLATION_ROOM_RETURN'],
  )
})

test('a step behind the point of no return that is given up turns the saga back, to the end', () => {
  const refused = [...toTicket, notPrinted]
  then(trip(refused), 'FAILED_REQUIRES_MANUAL_INTERVENTION', 'TICKET')
  then(trip([...refused, giveUp]), 'COMPENSATING', 'FLIGHT_RETURN', 'commands.flight.return')
  ignores([...refused, giveUp], printed)
  then(trip([...refused, giveUp, flightReturned]), 'COMPENSATING', 'ROOM_RETURN', 'commands.room.return')
  const ended = trip([...refused, giveUp, flightReturned, roomReturned])
  then(ended, 'FAILED_COMPENSATED', 'COMPENSATION_COMPLETE', 'events.trip.failed')
  assert.equal(ended.saga.unwinding?.failed_step, 'TICKET')
  assert.deepEqual(
    ended.saga.unwinding?.given_up?.map(({ step }) => step),
    ['TICKET'],
  )
})

test('only a saga that waits for an operator can be given up', () => {
  for (const story of [[], toTicket, [cancel], [cancel, roomReturned], [...toLetter, letterSent]]) {
    const before = trip(story).saga
    assert.deepEqual(trip([...story, giveUp]), { saga: before, effects: [], refusal: 'not_abandonable' })
  }
})

test('a completed saga that is redone goes its whole way again', () => {
  const completed = [...toLetter, letterSent]
  const again = trip([...completed, redo])
  then(again, 'IN_PROGRESS', 'ROOM', 'commands.room.book')
  assert.deepEqual([again.transition?.what, again.transition?.reason], ['redone', 'restored from yesterday (by admin)'])
  const steps = [roomBooked, taxiOrdered, flightBooked, printed, letterSent]
  const ended = trip([...completed, redo, ...steps])
  then(ended, 'COMPLETED', 'SAGA_COMPLETE', 'events.trip.completed')
  assert.equal(ended.saga.resumptions, 1)
})

test('a redone saga insists where it would have turned back: an operator decides, not a late refusal', () => {
  const again = [...toLetter, letterSent, redo]
  then(waitInVain(again).last, 'FAILED_REQUIRES_MANUAL_INTERVENTION', 'ROOM')
  then(trip([...again, refusal('room.refused')]), 'IN_PROGRESS', 'ROOM')
  assert.equal(trip([...again, cancel]).refusal, 'too_advanced_to_cancel')
  const stuck = waitInVain(again).story
  then(trip([...stuck, 100, resume]), 'IN_PROGRESS', 'ROOM', 'commands.room.book')
  then(trip([...stuck, 100, giveUp]), 'COMPENSATING', 'ROOM_RETURN', 'commands.room.return')
})

test('a saga that was unwound takes everything back again, even steps that it had never reached', () => {
  for (const [story, status] of [
    [[refusal('room.refused')], 'COMPENSATING'],
    [[...toFlight, refusal('flight.refused'), roomReturned], 'COMPENSATING'],
    [[cancel, roomReturned], 'CANCELLING'],
  ] as const) {
    const again = trip([...story, redo])
    const prefix = status === 'CANCELLING' ? 'CANCELLATION_' : ''
    then(again, status, `${prefix}FLIGHT_RETURN`, 'commands.flight.return')
    const ended = trip([...story, redo, flightReturned, roomReturned])
    assert.ok(isFinal(ended.saga))
    assert.deepEqual(sent(ended), [status === 'CANCELLING' ? 'events.trip.cancelled' : 'events.trip.failed'])
  }
})

test('a saga that is under way asks its step again, which counts as no attempt', () => {
  const stops: [story: readonly SagaInput[], status: SagaStatus, step: string, effect: string][] = [
    [[], 'STARTED', 'ROOM', 'commands.room.book'],
    [toFlight, 'IN_PROGRESS', 'FLIGHT', 'commands.flight.book'],
    [toTicket, 'IN_PROGRESS', 'TICKET', 'print_ticket'],
    [[...toFlight, cancel], 'CANCELLING', 'CANCELLATION_FLIGHT_RETURN', 'commands.flight.return'],
  ]
  for (const [story, status, step, effect] of stops) {
    const again = trip([...story, 0.5, redo])
    then(again, status, step, effect)
    assert.deepEqual([again.saga.attempt, again.saga.resumptions, waits(again.saga)], [1, 0, 1.5])
  }
})

test('a saga that waits for an operator is not redone, but retried or given up', () => {
  const stuck = waitInVain([...toFlight, cancel]).story
  const before = trip(stuck).saga
  assert.deepEqual(trip([...stuck, redo]), { saga: before, effects: [], refusal: 'not_redoable' })
  ignores([...toLetter, letterSent], deadline)
})

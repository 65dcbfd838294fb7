/** The engine turning back, on a small trip: undoing, insisting, an operator's help, cancellation. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SagaStatus } from '#contracts'
import type { SagaInput } from './index.ts'
import {
  bodyOf,
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
  returnRefused,
  roomBooked,
  roomReturned,
  type Story,
  sent,
  then,
  toFlight,
  toLetter,
  toTicket,
  trip,
  waitInVain,
  waits,
} from './trip.suite.ts'

test('a step that was cut off is undone too, because it may have happened; one without an undo is passed over', () => {
  const flight = waitInVain(toFlight)
  then(flight.last, 'COMPENSATING', 'FLIGHT_RETURN', 'commands.flight.return')
  then(trip([...flight.story, flightReturned]), 'COMPENSATING', 'ROOM_RETURN', 'commands.room.return')
  then(waitInVain([roomBooked]).last, 'COMPENSATING', 'ROOM_RETURN', 'commands.room.return')
  const alone = waitInVain([])
  then(trip([...alone.story, roomReturned]), 'FAILED_COMPENSATED', 'COMPENSATION_COMPLETE', 'events.trip.failed')
  ignores(flight.story, flightBooked)
})

test('a step that was refused is not undone, the ones before it are, the last first', () => {
  then(trip([refusal('room.refused')]), 'FAILED', 'COMPENSATION_COMPLETE', 'events.trip.failed')
  const refused = [...toFlight, refusal('flight.refused')]
  then(trip(refused), 'COMPENSATING', 'ROOM_RETURN', 'commands.room.return')
  assert.deepEqual(bodyOf(trip(refused)), {
    guest: 'Ana',
    room: 12,
    reason: 'full',
    failed_step: 'FLIGHT',
    resumptions: 0,
  })
  const ended = trip([...refused, roomReturned])
  then(ended, 'FAILED_COMPENSATED', 'COMPENSATION_COMPLETE', 'events.trip.failed')
  assert.deepEqual(bodyOf(ended), { guest: 'Ana', room: 12, reason: 'full', failed_step: 'FLIGHT', resumptions: 0 })
})

test('an undo without an answer is asked six times, then an operator is called', () => {
  const { askedAt, cutOffAt, last } = waitInVain([roomBooked, refusal('taxi.refused')])
  assert.deepEqual([askedAt, cutOffAt], [[1, 3, 7, 11, 15], 19])
  then(last, 'FAILED_REQUIRES_MANUAL_INTERVENTION', 'ROOM_RETURN')
  assert.deepEqual([last.saga.deadline, last.transition?.reason], [null, 'no_answer'])
})

test('a refused undo is tried again when its wait is over, however often the refusal is repeated', () => {
  const undoing = [...toFlight, cancel]
  const refused = trip([...undoing, 0.5, returnRefused])
  then(refused, 'CANCELLING', 'CANCELLATION_FLIGHT_RETURN')
  assert.equal(refused.transition?.reason, 'closed')
  assert.equal(waits(refused.saga), 1)
  assert.equal(waits(trip([...undoing, 0.5, returnRefused, 0.9, returnRefused]).saga), 1)
  const again = trip([...undoing, 0.5, returnRefused, 1, deadline])
  then(again, 'CANCELLING', 'CANCELLATION_FLIGHT_RETURN', 'commands.flight.return')
})

test('an undo that is refused six times calls an operator', () => {
  const story: (SagaInput | number)[] = [...toFlight, cancel, returnRefused]
  for (const second of [1, 3, 7, 11, 15]) story.push(second, deadline, returnRefused)
  then(trip(story), 'FAILED_REQUIRES_MANUAL_INTERVENTION', 'CANCELLATION_FLIGHT_RETURN')
  assert.equal(trip(story).transition?.reason, 'closed')
})

test('an operator resumes it where it stopped, in the status it had, with all its attempts anew', () => {
  const stops: [story: readonly SagaInput[], status: SagaStatus, step: string, effect: string][] = [
    [[...toFlight, refusal('flight.refused')], 'COMPENSATING', 'ROOM_RETURN', 'commands.room.return'],
    [[...toFlight, cancel], 'CANCELLING', 'CANCELLATION_FLIGHT_RETURN', 'commands.flight.return'],
    [toTicket, 'IN_PROGRESS', 'TICKET', 'print_ticket'],
    [toLetter, 'IN_PROGRESS', 'LETTER', 'commands.letter.send'],
  ]
  for (const [story, status, step, effect] of stops) {
    const stuck = waitInVain(story)
    then(stuck.last, 'FAILED_REQUIRES_MANUAL_INTERVENTION', step)
    ignores(stuck.story, deadline)
    for (const late of [roomReturned, flightReturned, printed, letterSent]) ignores(stuck.story, late)
    const resumed = [...stuck.story, 100, resume]
    then(trip(resumed), status, step, effect)
    assert.deepEqual([trip(resumed).saga.attempt, waits(trip(resumed).saga)], [1, 101])
    assert.equal(waitInVain(resumed).askedAt.length, 5)
    assert.equal(trip([...waitInVain(resumed).story, resume]).saga.resumptions, 2)
  }
})

test('only a saga that waits for an operator can be resumed', () => {
  for (const story of [[], toLetter, [cancel], [cancel, roomReturned], [...toLetter, letterSent]]) {
    const before = trip(story).saga
    assert.deepEqual(trip([...story, resume]), { saga: before, effects: [], refusal: 'not_resumable' })
  }
})

test('can be cancelled at every step before the point of no return, which undoes that step too', () => {
  const undone: [story: readonly SagaInput[], steps: string[]][] = [
    [[], ['CANCELLATION_ROOM_RETURN']],
    [[roomBooked], ['CANCELLATION_ROOM_RETURN']],
    [toFlight, ['CANCELLATION_FLIGHT_RETURN', 'CANCELLATION_ROOM_RETURN']],
  ]
  for (const [story, steps] of undone) {
    const answers = steps.map((step) => (step.includes('ROOM') ? roomReturned : flightReturned))
    for (const [position, step] of steps.entries()) {
      const { status, step: shown } = trip([...story, cancel, ...answers.slice(0, position)]).saga
      assert.deepEqual([status, shown], ['CANCELLING', step])
    }
    const ended = trip([...story, cancel, ...answers])
    then(ended, 'CANCELLED', 'CANCELLATION_COMPLETE', 'events.trip.cancelled')
    assert.equal((bodyOf(ended) as { reason: string }).reason, 'ill')
    assert.equal((bodyOf(ended) as { failed_step: string }).failed_step, trip(story).saga.step)
  }
})

test('a refused cancellation is announced, and changes nothing', () => {
  const refused: [story: Story, why: string][] = [
    [toTicket, 'too_advanced_to_cancel'],
    [toLetter, 'too_advanced_to_cancel'],
    [[...toLetter, letterSent], 'not_cancellable'],
    [[roomBooked, cancel], 'already_cancelling'],
    [[cancel, roomReturned], 'not_cancellable'],
    [[roomBooked, refusal('taxi.refused')], 'not_cancellable'],
    [[refusal('room.refused')], 'not_cancellable'],
    [[...toTicket, notPrinted], 'not_cancellable'],
  ]
  for (const [story, why] of refused) {
    const { saga, refusal, transition, ...rest } = trip([...story, cancel])
    assert.deepEqual([saga, refusal, transition], [trip(story).saga, why, undefined])
    assert.deepEqual(sent({ saga, ...rest }), ['events.trip.cancellation_failed'])
    assert.equal((bodyOf({ saga, ...rest }) as { reason: string }).reason, why)
  }
})

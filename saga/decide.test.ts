/** The engine going forward, on a small trip: answers, waits, the point of no return, the end. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decide } from './index.ts'
import {
  bodyOf,
  cancel,
  deadline,
  flightReturned,
  ignores,
  letterSent,
  moment,
  notPrinted,
  printed,
  refusal,
  reply,
  resume,
  returnRefused,
  roomBooked,
  roomReturned,
  START,
  taxiOrdered,
  then,
  toFlight,
  toLetter,
  toTicket,
  trip,
  tripSaga,
  waitInVain,
  waits,
} from './trip.suite.ts'

test('goes from step to step with each answer, and says at the end that it is completed', () => {
  then(trip([]), 'STARTED', 'ROOM', 'commands.room.book')
  then(trip([roomBooked]), 'IN_PROGRESS', 'TAXI', 'commands.taxi.order')
  then(trip(toFlight), 'IN_PROGRESS', 'FLIGHT', 'commands.flight.book')
  then(trip(toTicket), 'IN_PROGRESS', 'TICKET', 'print_ticket')
  then(trip(toLetter), 'IN_PROGRESS', 'LETTER', 'commands.letter.send')
  const completed = trip([...toLetter, letterSent])
  then(completed, 'COMPLETED', 'SAGA_COMPLETE', 'events.trip.completed')
  assert.equal(completed.saga.deadline, null)
})

test('remembers the part of each answer that its step keeps, and tells later steps', () => {
  assert.deepEqual(bodyOf(trip([roomBooked])), { room: 12 })
  assert.deepEqual(bodyOf(trip(toTicket)), { guest: 'Ana' })
  assert.deepEqual(trip([...toLetter, letterSent]).saga.data, { guest: 'Ana', room: 12, ticket: 'X1' })
})

test('an answer that is repeated, early, late or unknown changes nothing', () => {
  ignores([roomBooked], roomBooked)
  ignores([roomBooked], refusal('room.refused'))
  ignores([], taxiOrdered)
  ignores([], roomReturned)
  ignores([], printed)
  ignores([], reply('room.painted'))
  ignores(toLetter, printed)
  ignores(toLetter, notPrinted)
  ignores(toTicket, { kind: 'call_answered', step: 'LETTER', answer: {} })
})

test('a step without an answer is asked three times, with waits that double and add up to its time', () => {
  const { askedAt, cutOffAt, last } = waitInVain([])
  assert.deepEqual([askedAt, cutOffAt], [[1, 3], 7])
  then(last, 'COMPENSATING', 'ROOM_RETURN', 'commands.room.return')
})

test('an answer to any of the three counts, and its step leaves the old deadline behind', () => {
  then(trip([1, deadline, 3, deadline, 6.9, roomBooked]), 'IN_PROGRESS', 'TAXI', 'commands.taxi.order')
  assert.equal(trip([1, deadline, 2, roomBooked]).saga.attempt, 1)
  assert.equal(waits(trip([1, deadline, 2, roomBooked]).saga), 3)
  ignores([0.9, roomBooked], 1, deadline)
})

test('a step that waits until a moment is not asked again before it', () => {
  const request = { guest: 'Ana', until: new Date(START + 60_000).toISOString() }
  const { askedAt, cutOffAt } = waitInVain(toFlight, request)
  assert.deepEqual([askedAt, cutOffAt], [[60, 62], 66])
})

test('from the point of no return on it only goes forward: no answer and no refusal undoes anything', () => {
  then(waitInVain(toTicket).last, 'FAILED_REQUIRES_MANUAL_INTERVENTION', 'TICKET')
  then(trip([...toTicket, notPrinted]), 'FAILED_REQUIRES_MANUAL_INTERVENTION', 'TICKET')
  then(trip([...toTicket, notPrinted, resume]), 'IN_PROGRESS', 'TICKET', 'print_ticket')
  const refused = [...toLetter, refusal('letter.refused')]
  then(trip(refused), 'IN_PROGRESS', 'LETTER')
  then(trip([...refused, 1, deadline]), 'IN_PROGRESS', 'LETTER', 'commands.letter.send')
})

test('a saga that has ended stays as it is, whatever comes', () => {
  const ends = [[...toLetter, letterSent], [refusal('room.refused')], [cancel, roomReturned]]
  const failed = [roomBooked, refusal('taxi.refused'), roomReturned]
  const everything = [
    roomBooked,
    roomReturned,
    flightReturned,
    returnRefused,
    printed,
    notPrinted,
    letterSent,
    deadline,
  ]
  for (const story of [...ends, failed]) for (const input of everything) ignores(story, 1_000, input)
})

test('a saga of another name or version is refused, not guessed at', () => {
  const { saga } = trip([])
  assert.throws(() => decide(tripSaga, { ...saga, version: 2 }, deadline, moment(0)), /trip version 2/)
  assert.throws(() => decide(tripSaga, { ...saga, definition: 'cruise' }, deadline, moment(0)), /cruise version 3/)
})

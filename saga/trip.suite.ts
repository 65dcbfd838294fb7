/**
 * A small saga to show the engine's rules with, and how to tell its story: a room and a flight that can be given back,
 * a taxi that needs no undo, a ticket from which there is no way back, a letter after it.
 */
import assert from 'node:assert/strict'
import { Type } from 'typebox'
import { messageContract, type SagaStatus } from '#contracts'
import { announce, ask, begin, call, type Decision, decide, type Saga, type SagaInput, saga, undo } from './index.ts'

type Trip = { readonly guest: string; readonly until?: string }

const contract = (topic: string) => messageContract(topic, [], Type.Object({}, { additionalProperties: true }))
const command = (name: string) => contract(`commands.${name}`)
const event = (name: string) => contract(`events.${name}`)
const told = (data: object, facts: object) => ({ ...data, ...facts })

export const tripSaga = saga<Trip>('trip', 3)
  .step('ROOM', {
    ask: ask({
      command: command('room.book'),
      from: ({ guest }: Trip) => ({ guest }),
      done: event('room.booked'),
      failed: event('room.refused'),
      keep: (reply) => ({ room: (reply as { room?: number }).room }),
    }),
    undo: undo({ step: 'ROOM_RETURN', command: command('room.return'), from: told, done: event('room.returned') }),
  })
  .step('TAXI', {
    ask: ask({
      command: command('taxi.order'),
      from: ({ room }: Trip & { room: number | undefined }) => ({ room }),
      done: event('taxi.ordered'),
      failed: event('taxi.refused'),
    }),
  })
  .step('FLIGHT', {
    ask: ask({
      command: command('flight.book'),
      from: () => ({}),
      done: event('flight.booked'),
      failed: event('flight.refused'),
      waitsUntil: ({ until }: Trip) => (until ? new Date(until) : undefined),
    }),
    undo: undo({
      step: 'FLIGHT_RETURN',
      command: command('flight.return'),
      from: told,
      done: event('flight.returned'),
      failed: event('flight.return_refused'),
    }),
  })
  .pivot('TICKET', {
    call: call({
      name: 'print_ticket',
      from: ({ guest }: Trip) => ({ guest }),
      keep: ({ ticket }: { ticket: string }) => ({ ticket }),
    }),
  })
  .step('LETTER', {
    ask: ask({
      command: command('letter.send'),
      from: () => ({}),
      done: event('letter.sent'),
      failed: event('letter.refused'),
    }),
  })
  .ends({
    completed: announce(event('trip.completed'), told),
    failed: announce(event('trip.failed'), told),
    cancelled: announce(event('trip.cancelled'), told),
    cancellationRefused: announce(event('trip.cancellation_failed'), told),
  })

export const reply = (name: string, body: object = {}): SagaInput => ({ kind: 'reply', type: `events.${name}`, body })
export const refusal = (name: string, reason = 'full'): SagaInput => reply(name, { reason })
export const deadline: SagaInput = { kind: 'deadline' }
export const cancel: SagaInput = { kind: 'cancel', reason: 'ill' }
export const resume: SagaInput = { kind: 'resume', by: 'admin' }
export const roomBooked = reply('room.booked', { room: 12, colour: 'blue' })
export const roomReturned = reply('room.returned')
export const taxiOrdered = reply('taxi.ordered')
export const flightBooked = reply('flight.booked')
export const flightReturned = reply('flight.returned')
export const returnRefused = refusal('flight.return_refused', 'closed')
export const printed: SagaInput = { kind: 'call_answered', step: 'TICKET', answer: { ticket: 'X1' } }
export const notPrinted: SagaInput = { kind: 'call_refused', step: 'TICKET', reason: 'no_seat' }
export const letterSent = reply('letter.sent')

export const toFlight = [roomBooked, taxiOrdered]
export const toTicket = [...toFlight, flightBooked]
export const toLetter = [...toTicket, printed]

/** A step may take 7 seconds: its waits are 1, 2 and 4. */
export const START = Date.UTC(2026, 0, 5, 12)
export const moment = (second: number) => ({ now: new Date(START + second * 1_000), stepTimeoutMs: 7_000 })

export type Story = readonly (SagaInput | number)[]

/** Given a story of inputs. A number is a second since the start: the inputs after it happen then. */
export function trip(story: Story, request: Trip = { guest: 'Ana' }): Decision {
  let second = 0
  let decision = begin(tripSaga, 't-1', request, moment(0))
  for (const one of story) {
    if (typeof one === 'number') second = one
    else decision = decide(tripSaga, decision.saga, one, moment(second))
  }
  return decision
}

export const sent = ({ effects }: Decision) =>
  effects.map((effect) => (effect.kind === 'send' ? effect.contract.topic : effect.name))
export const bodyOf = ({ effects: [effect] }: Decision) => (effect?.kind === 'send' ? effect.body : effect?.request)
export const waits = ({ deadline: until }: Saga) => until && (until.getTime() - START) / 1_000

export function then(decision: Decision, status: SagaStatus, step: string, ...effects: string[]) {
  assert.deepEqual([decision.saga.status, decision.saga.step, ...sent(decision)], [status, step, ...effects])
  assert.deepEqual([decision.transition?.status, decision.transition?.step], [status, step], 'history says the same')
}

export function ignores(story: Story, ...inputs: Story) {
  const before = trip(story).saga
  assert.deepEqual(trip([...story, ...inputs]), { saga: before, effects: [] })
}

interface Wait {
  readonly story: Story
  readonly askedAt: readonly number[]
  readonly cutOffAt: number
  readonly last: Decision
}

/** Lets every wait run out until a decision moves the saga; returns the moments at which it asked again. */
export function waitInVain(story: Story, request?: Trip): Wait {
  const askedAt: number[] = []
  const told = [...story]
  for (let last = trip(told, request); ; ) {
    const position = (decision: Decision): string => `${decision.saga.status} ${decision.saga.step}`
    const until = waits(last.saga)
    if (until === null) throw new Error('nothing is awaited')
    told.push(until - 0.001, deadline)
    assert.equal(trip(told, request).transition, undefined, 'not before its time')
    told.push(until, deadline)
    const next = trip(told, request)
    if (position(next) !== position(last)) return { story: told, askedAt, cutOffAt: until, last: next }
    assert.deepEqual(sent(next).length, 1)
    askedAt.push(until)
    last = next
  }
}

/** A saga whose point of no return is an act of people: the saga waits for it, can be called off until then, and waits only once. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Type } from 'typebox'
import { messageContract, type SagaStatus } from '#contracts'
import { announce, ask, begin, type Decision, decide, type SagaInput, saga, undo, wait } from './index.ts'

const contract = (topic: string) => messageContract(topic, [], Type.Object({}, { additionalProperties: true }))
const told = (data: object, facts: object) => ({ ...data, ...facts })

type Loan = { readonly book: string; readonly until: string }
type Back = Loan & { readonly pages: number }

/** A book is asked for by a letter, comes back, and the deposit is paid out. */
const loanSaga = saga<Loan>('loan', 1)
  .step('LETTER', {
    ask: ask({
      command: contract('commands.letter.send'),
      from: ({ book }: Loan) => ({ book }),
      done: contract('events.letter.sent'),
      failed: contract('events.letter.refused'),
    }),
    undo: undo({
      step: 'APOLOGY',
      command: contract('commands.letter.take_back'),
      from: told,
      done: contract('events.letter.taken_back'),
    }),
  })
  .pivot('BOOK_BACK', {
    wait: wait({
      until: ({ until }: Loan) => new Date(until),
      late: 'book_kept',
      keep: ({ pages }: { pages: number }) => ({ pages }),
      isKnown: (data: Partial<Back>) => data.pages !== undefined,
    }),
  })
  .step('DEPOSIT', {
    ask: ask({
      command: contract('commands.deposit.pay'),
      from: ({ pages }: Back) => ({ pages }),
      done: contract('events.deposit.paid'),
      failed: contract('events.deposit.refused'),
    }),
    instead: announce(contract('commands.deposit.owe'), ({ book }: Loan) => ({ book })),
  })
  .step('SHELF', {
    ask: ask({ command: contract('commands.book.shelve'), from: () => ({}), done: contract('events.book.shelved') }),
  })
  .ends({
    completed: announce(contract('events.loan.ended'), told),
    failed: announce(contract('events.loan.failed'), told),
    cancelled: announce(contract('events.loan.cancelled'), told),
    cancellationRefused: announce(contract('events.loan.cancellation_failed'), told),
  })

const START = Date.UTC(2026, 0, 5, 12)
const HOUR_MS = 3_600_000
const request: Loan = { book: 'Iracema', until: new Date(START + HOUR_MS).toISOString() }
const moment = (at: number) => ({ now: new Date(START + at), stepTimeoutMs: 7_000 })

const reply = (name: string, body: object = {}): SagaInput => ({ kind: 'reply', type: `events.${name}`, body })
const sentLetter = reply('letter.sent')
const back: SagaInput = { kind: 'happened', step: 'BOOK_BACK', facts: { pages: 190 }, by: 'staff ana' }
const cancel: SagaInput = { kind: 'cancel', reason: 'keep it' }
const deadline: SagaInput = { kind: 'deadline' }
const giveUp: SagaInput = { kind: 'give_up', by: 'admin', reason: 'paid in cash' }
const redo: SagaInput = { kind: 'redo', by: 'admin', reason: 'restored' }
const paid = reply('deposit.paid')
const shelved = reply('book.shelved')

/** A number is in milliseconds since the start: the inputs after it happen then. */
function loan(...story: readonly (SagaInput | number)[]): Decision {
  let at = 0
  let decision = begin(loanSaga, 'l-1', request, moment(0))
  for (const one of story) {
    if (typeof one === 'number') at = one
    else decision = decide(loanSaga, decision.saga, one, moment(at))
  }
  return decision
}

const sent = ({ effects }: Decision) => effects.map((one) => (one.kind === 'send' ? one.contract.topic : one.name))

function then(decision: Decision, status: SagaStatus, step: string, ...effects: string[]) {
  assert.deepEqual([decision.saga.status, decision.saga.step, ...sent(decision)], [status, step, ...effects])
}

const stuckAt = (...story: readonly (SagaInput | number)[]) => [
  ...story,
  ...Array.from({ length: 6 }, (_, turn) => [2 * HOUR_MS + turn * HOUR_MS, deadline] as const).flat(),
]

test('a wait sends nothing, and is due when its time is over', () => {
  const waiting = loan(sentLetter)
  then(waiting, 'IN_PROGRESS', 'BOOK_BACK')
  assert.equal(waiting.saga.deadline?.getTime(), START + HOUR_MS)
  assert.equal(loan(sentLetter, HOUR_MS - 1, deadline).transition, undefined)
})

test('once it has happened the saga only goes forward, with the facts of it', () => {
  const going = loan(sentLetter, back)
  then(going, 'IN_PROGRESS', 'DEPOSIT', 'commands.deposit.pay')
  assert.equal(going.transition?.reason, 'by staff ana')
  assert.equal(going.saga.data.pages, 190)
  assert.equal(loan(sentLetter, back, cancel).refusal, 'too_advanced_to_cancel')
  then(loan(sentLetter, back, reply('deposit.refused', { reason: 'no' })), 'IN_PROGRESS', 'DEPOSIT')
  then(loan(sentLetter, back, paid, shelved), 'COMPLETED', 'SAGA_COMPLETE', 'events.loan.ended')
})

test('until it has happened the saga can be called off, and it is called off when the time is over', () => {
  then(loan(sentLetter, cancel), 'CANCELLING', 'CANCELLATION_APOLOGY', 'commands.letter.take_back')
  const late = loan(sentLetter, HOUR_MS, deadline)
  then(late, 'COMPENSATING', 'APOLOGY', 'commands.letter.take_back')
  assert.equal(late.saga.unwinding?.reason, 'book_kept')
})

test('what happens counts once, at the step that awaits it, and by that step’s own name', () => {
  assert.equal(loan(back).refusal, 'not_awaited')
  assert.equal(loan(sentLetter, back, back).refusal, 'not_awaited')
  assert.equal(loan(sentLetter, cancel, back).refusal, 'not_awaited')
  assert.equal(loan(sentLetter, back, paid, shelved, back).refusal, 'not_awaited')
  assert.equal(loan(sentLetter, { ...back, step: 'LETTER' } as SagaInput).refusal, 'not_awaited')
})

test('a step behind the wait that is given up is passed over, and its work is left to people', () => {
  const stuck = stuckAt(sentLetter, back)
  then(loan(...stuck), 'FAILED_REQUIRES_MANUAL_INTERVENTION', 'DEPOSIT')
  const passed = loan(...stuck, giveUp)
  then(passed, 'IN_PROGRESS', 'SHELF', 'commands.deposit.owe', 'commands.book.shelve')
  assert.deepEqual(
    (passed.saga.data.given_up as { step: string }[]).map(({ step }) => step),
    ['DEPOSIT'],
  )
  then(loan(...stuck, giveUp, paid), 'IN_PROGRESS', 'SHELF')
  then(loan(...stuck, giveUp, shelved), 'COMPLETED', 'SAGA_COMPLETE', 'events.loan.ended')
  const last = stuckAt(sentLetter, back, paid)
  then(loan(...last, giveUp), 'COMPLETED', 'SAGA_COMPLETE', 'events.loan.ended')
})

test('a redone saga does not wait again for what has happened, and never turns back', () => {
  const ended = [sentLetter, back, paid, shelved]
  then(loan(...ended, redo, sentLetter), 'IN_PROGRESS', 'DEPOSIT', 'commands.deposit.pay')
  const stuck = stuckAt(...ended, redo)
  then(loan(...stuck), 'FAILED_REQUIRES_MANUAL_INTERVENTION', 'LETTER')
  then(loan(...stuck, giveUp), 'IN_PROGRESS', 'DEPOSIT', 'commands.deposit.pay')
})

test('a saga that is redone while it waits asks again for what it rests on, and may still be refused or called off', () => {
  const again = loan(sentLetter, redo)
  then(again, 'IN_PROGRESS', 'LETTER', 'commands.letter.send')
  then(loan(sentLetter, redo, sentLetter), 'IN_PROGRESS', 'BOOK_BACK')
  then(loan(sentLetter, redo, cancel), 'CANCELLING', 'CANCELLATION_APOLOGY', 'commands.letter.take_back')
  then(
    loan(sentLetter, redo, reply('letter.refused', { reason: 'no' })),
    'FAILED',
    'COMPENSATION_COMPLETE',
    'events.loan.failed',
  )
})

test('a lost saga begins again with what is known, or is put on record as it ended', () => {
  const again = { by: 'admin', reason: 'lost', insists: true }
  const { saga: begun } = begin(loanSaga, 'l-2', { ...request, pages: 3 }, moment(0), again)
  then(decide(loanSaga, begun, sentLetter, moment(1)), 'IN_PROGRESS', 'DEPOSIT', 'commands.deposit.pay')
  const refused = decide(loanSaga, begun, reply('letter.refused', { reason: 'no' }), moment(1))
  assert.deepEqual([refused.saga.step, sent(refused)], [begun.step, []], 'it insists: a late refusal undoes nothing')
  assert.equal(decide(loanSaga, begun, cancel, moment(1)).refusal, 'too_advanced_to_cancel')
  const over = begin(loanSaga, 'l-3', request, moment(0), { ...again, isOver: true })
  then(over, 'COMPLETED', 'SAGA_COMPLETE')
  assert.deepEqual([over.saga.deadline, over.transition?.what], [null, 'redone'])
})

test('a pivot that asks a participant has no way back from the moment it asks', () => {
  const asked = saga<Loan>('gift', 1)
    .pivot('GIFT', {
      ask: ask({
        command: contract('commands.gift.give'),
        from: () => ({}),
        done: contract('events.gift.given'),
        failed: contract('events.gift.refused'),
      }),
    })
    .ends(loanSaga.endings as never)
  const { saga: begun } = begin(asked, 'g-1', request, moment(0))
  assert.equal(decide(asked, begun, cancel, moment(1)).refusal, 'too_advanced_to_cancel')
  const refused = decide(asked, begun, reply('gift.refused', { reason: 'no' }), moment(1))
  assert.deepEqual([refused.saga.status, sent(refused)], ['STARTED', []])
})

/** Thousands of seeded schedules of everything that can go wrong; tests/mutations proves that the simulation would notice. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SagaDefinition } from '#saga'
import { isLarge } from '../fixtures/size.ts'
import './seams.ts'

const { purchaseSaga } = await import('../../services/orquestrador/purchase-saga.ts')
const { returnSaga } = await import('../../services/orquestrador/return-saga.ts')
const { campaign } = await import('./campaign.ts')
const { findingOf, shrink } = await import('./shrink.ts')
const { scheduleOf, simulate } = await import('./simulate.ts')
const { scheduleFrom, textOf, traceOf, wordsOf } = await import('./telling.ts')

const SEEDS = isLarge ? 20_000 : 2_000
const STUCK = 'FAILED_REQUIRES_MANUAL_INTERVENTION'
/** Few runs get stuck past the pivot of a return, so only the large run of each night expects to see these. */
const RARE: readonly string[] = [`${STUCK} PAYMENT_RETURN`, `${STUCK} VEHICLE_RETURN`]

test(`whatever is repeated, reordered, delayed or killed, money and vehicles are all accounted for (${SEEDS} seeds; 20,000 by npm run test:large)`, async (context) => {
  const began = performance.now()
  const seen = await campaign(1, SEEDS)
  if (seen.failed !== undefined) assert.fail(await failureOf(seen.failed))
  for (const line of wordsOf(seen, performance.now() - began).split('\n')) context.diagnostic(line)
  assert.equal(seen.seeds, SEEDS)
  assert.deepEqual([...seen.endings.keys()].sort(), ['CANCELLED', 'COMPLETED', 'FAILED', 'FAILED_COMPENSATED'])
  const positions = [...seen.positions]
  const expected = everyPosition().filter((one) => isLarge || !RARE.includes(one))
  const unseen = expected.filter((one) => !positions.includes(one))
  assert.deepEqual(unseen, [], 'every place where a saga can stand is visited')
  const possible = [...everyPosition(), ...positionsOfRedone()]
  const wrong = positions.filter((one) => !possible.includes(one))
  assert.deepEqual(wrong, [], 'and no other')
})

async function failureOf(seed: number): Promise<string> {
  const schedule = scheduleOf(seed)
  const finding = await findingOf(schedule)
  if (!finding) return `seed ${seed} fails, but not when it is run again`
  const short = await shrink(schedule, finding)
  return `seed ${seed}: ${short.finding.message}\n${traceOf(short.finding)}\n--schedule ${textOf(short.schedule)}`
}

function everyPosition(): string[] {
  return [...new Set([purchaseSaga, returnSaga].flatMap(positionsOf))]
}

/** A saga that has ended and is redone goes through its steps again, and may get stuck at any of them. */
const positionsOfRedone = () =>
  [purchaseSaga, returnSaga].flatMap(({ steps }) =>
    steps.flatMap(({ name }) => [`IN_PROGRESS ${name}`, `${STUCK} ${name}`]),
  )

function positionsOf({ steps, pivot }: SagaDefinition): string[] {
  const [first, ...later] = steps.map(({ name }) => name)
  const undos = steps.flatMap((step) => (step.kind === 'ask' && step.undo ? [step.undo.step] : []))
  const cancelling = undos.map((step) => `CANCELLATION_${step}`)
  const behind = steps.slice(steps.findIndex(({ name }) => name === pivot)).filter(({ kind }) => kind !== 'wait')
  return [
    `STARTED ${first}`,
    ...later.map((step) => `IN_PROGRESS ${step}`),
    ...undos.map((step) => `COMPENSATING ${step}`),
    ...cancelling.map((step) => `CANCELLING ${step}`),
    ...[...undos, ...cancelling, ...behind.map(({ name }) => name)].map((step) => `${STUCK} ${step}`),
    ...['COMPLETED SAGA_COMPLETE', 'FAILED COMPENSATION_COMPLETE'],
    ...['FAILED_COMPENSATED COMPENSATION_COMPLETE', 'CANCELLED CANCELLATION_COMPLETE'],
  ]
}

test('the same seed makes the same run, and another seed makes another run', async () => {
  for (let seed = 1; seed <= 30; seed++)
    assert.deepEqual(await simulate(scheduleOf(seed)), await simulate(scheduleOf(seed)))
  assert.notDeepEqual((await simulate(scheduleOf(1))).trace, (await simulate(scheduleOf(2))).trace)
})

test('a schedule is the same after it was printed and read, and nonsense is no schedule', () => {
  const schedule = scheduleOf(7)
  assert.deepEqual(scheduleFrom(textOf(schedule)), schedule)
  assert.equal(scheduleFrom('seven'), undefined)
})

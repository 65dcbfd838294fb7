/** The alarm, on a clock that the tests move: it rings when something is due, no matter what else happens. */
import assert from 'node:assert/strict'
import { mock, type TestContext, test } from 'node:test'
import { startAlarm } from './alarm.ts'

const LONGEST = 30_000
const HOUR_MS = 3_600_000
const at = (time: number) => new Date(time)
const never = () => assert.fail('this is not called')
/** Lets promises that are ready run; immediates are not mocked. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

function clockOf(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 0 })
  return async (ms: number) => {
    t.mock.timers.tick(ms)
    await turn()
  }
}

/** A ring that notes when it was called; the moments to sleep until are given in advance, null when they run out. */
function ringing(...nexts: readonly (number | null)[]) {
  const rung: number[] = []
  const left = [...nexts]
  const ring = () => {
    rung.push(Date.now())
    const next = left.shift() ?? null
    return Promise.resolve(next === null ? null : at(next))
  }
  return { rung, ring }
}

test('rings at once, then at the moment that it was told, and not before', async (t) => {
  const pass = clockOf(t)
  const { rung, ring } = ringing(500)
  await using _alarm = startAlarm(ring, never)
  await pass(0)
  assert.deepEqual(rung, [0])
  await pass(499)
  assert.deepEqual(rung, [0])
  await pass(1)
  assert.deepEqual(rung, [0, 500])
})

test('something due earlier brings it forward, something later does not put it off', async (t) => {
  const pass = clockOf(t)
  const { rung, ring } = ringing(1_000)
  await using alarm = startAlarm(ring, never)
  await pass(0)
  alarm.expect(at(300))
  alarm.expect(at(5_000))
  await pass(299)
  assert.deepEqual(rung, [0])
  await pass(1)
  assert.deepEqual(rung, [0, 300])
})

test('something already due rings right away', async (t) => {
  const pass = clockOf(t)
  const { rung, ring } = ringing()
  await using alarm = startAlarm(ring, never)
  await pass(0)
  await pass(1_000)
  alarm.expect(at(10))
  await pass(1)
  assert.equal(rung.length, 2)
})

test('with nothing to wait for, it still looks every half minute: another process may have died of what it had to do', async (t) => {
  const pass = clockOf(t)
  const { rung, ring } = ringing()
  await using _alarm = startAlarm(ring, never)
  await pass(0)
  await pass(LONGEST - 1)
  assert.deepEqual(rung, [0])
  await pass(1)
  assert.deepEqual(rung, [0, LONGEST])
})

test('a moment weeks away is reached step by step, beyond what a timer can hold', async (t) => {
  const pass = clockOf(t)
  const { rung, ring } = ringing(1_000 * HOUR_MS, 1_000 * HOUR_MS)
  await using _alarm = startAlarm(ring, never)
  await pass(0)
  await pass(LONGEST)
  assert.deepEqual(rung, [0, LONGEST])
})

test('a fault is told, and it rings again soon', async (t) => {
  const pass = clockOf(t)
  const faults: unknown[] = []
  let calls = 0
  const ring = () => {
    calls += 1
    return calls === 1 ? Promise.reject(new Error('the database is away')) : Promise.resolve(null)
  }
  await using _alarm = startAlarm(ring, (fault) => faults.push(fault), 700)
  await pass(0)
  assert.match(String(faults), /away/)
  await pass(699)
  assert.equal(calls, 1)
  await pass(1)
  assert.equal(calls, 2)
})

/** A moment that is expected during a ring may be newer than the data that the ring has read: it must not be lost. */
test('what falls due while it rings is rung for right after', async (t) => {
  const pass = clockOf(t)
  const answers = [Promise.withResolvers<Date | null>(), Promise.withResolvers<Date | null>()]
  let calls = 0
  await using alarm = startAlarm(() => answers[calls++]?.promise ?? Promise.resolve(null), never)
  alarm.expect(at(100))
  await pass(200)
  assert.equal(calls, 1, 'it still rings')
  answers[0]?.resolve(null)
  await pass(0)
  await pass(1)
  assert.equal(calls, 2)
  answers[1]?.resolve(null)
  await pass(0)
  alarm.expect(at(10_000))
  await pass(10_000)
  assert.equal(calls, 3, 'and it still hears what comes later')
})

test('a moment that is expected while it rings is kept, unless the ring returns an earlier one', async (t) => {
  const pass = clockOf(t)
  const { promise, resolve } = Promise.withResolvers<Date | null>()
  let calls = 0
  await using alarm = startAlarm(() => (calls++ === 0 ? promise : Promise.resolve(null)), never)
  alarm.expect(at(400))
  resolve(at(9_000))
  await pass(0)
  await pass(399)
  assert.equal(calls, 1)
  await pass(1)
  assert.equal(calls, 2)
})

test('stopping waits for the ring under way, and it never rings again', async (t) => {
  const pass = clockOf(t)
  const { promise, resolve } = Promise.withResolvers<Date | null>()
  const ring = mock.fn(() => promise)
  const alarm = startAlarm(ring, never)
  let stopped = false
  const stopping = alarm[Symbol.asyncDispose]().then(() => {
    stopped = true
  })
  await pass(0)
  assert.equal(stopped, false)
  resolve(at(100))
  await stopping
  alarm.expect(at(50))
  await pass(HOUR_MS)
  assert.equal(ring.mock.callCount(), 1)
})

/** Group commit: company forms only while a flush is under way, and one bad item spoils nothing for the others. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { groupCommit } from './group-commit.ts'

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

/** A flush that records its batches and ends when it is told to. */
function heldFlush() {
  const batches: (readonly number[])[] = []
  const ends: (() => void)[] = []
  const flush = async (items: readonly number[]) => {
    batches.push(items)
    await new Promise<void>((resolve) => ends.push(resolve))
    return items.map((item) => item * 10)
  }
  return { batches, flush, endNext: () => ends.shift()?.() }
}

test('a lone item is flushed at once and gets its result', async () => {
  const batches: (readonly number[])[] = []
  const commits = groupCommit((items: readonly number[]) => {
    batches.push(items)
    return Promise.resolve(items.map(String))
  })
  assert.equal(await commits.submit(7), '7')
  assert.deepEqual(batches, [[7]])
})

test('items that arrive while a flush is under way go into the next one together, each with its own result', async () => {
  const { batches, flush, endNext } = heldFlush()
  const commits = groupCommit(flush)
  const first = commits.submit(1)
  await turn()
  const others = [2, 3, 4].map((item) => commits.submit(item))
  await turn()
  assert.deepEqual(batches, [[1]], 'one flush at a time')
  endNext()
  assert.equal(await first, 10)
  await turn()
  assert.deepEqual(batches, [[1], [2, 3, 4]])
  endNext()
  assert.deepEqual(await Promise.all(others), [20, 30, 40])
})

test('with more lanes, a second flush begins beside the first one once it has company, and idle waits for both', async () => {
  const { batches, flush, endNext } = heldFlush()
  const commits = groupCommit(flush, { lanes: 2 })
  const results = [commits.submit(0)]
  await turn()
  for (let item = 1; item <= 23; item += 1) results.push(commits.submit(item))
  await turn()
  assert.equal(batches.length, 1, 'too few for a flush of their own')
  for (let item = 24; item <= 100; item += 1) results.push(commits.submit(item))
  await turn()
  assert.deepEqual(
    batches.map((batch) => batch.length),
    [1, 100],
  )
  for (let item = 101; item <= 200; item += 1) results.push(commits.submit(item))
  await turn()
  assert.equal(batches.length, 2, 'never more than two lanes')
  let idle = false
  const done = commits.idle().then(() => {
    idle = true
  })
  endNext()
  await turn()
  assert.equal(idle, false)
  assert.deepEqual(batches.at(-1)?.length, 100)
  endNext()
  endNext()
  await done
  assert.deepEqual(
    await Promise.all(results),
    Array.from({ length: 201 }, (_, item) => item * 10),
  )
})

test('a lane that finds its items taken by another goes home, and the next item is still served', async () => {
  let busy: (() => void)[] = []
  const turns = { begin: () => new Promise<void>((go) => busy.push(go)), end() {}, grown() {} }
  const sizes: number[] = []
  const commits = groupCommit(
    (items: readonly number[]) => {
      sizes.push(items.length)
      return Promise.resolve(items)
    },
    { lanes: 2, turns },
  )
  const letAllGo = async () => {
    await turn()
    const waiting = busy
    busy = []
    for (const go of waiting) go()
    await turn()
  }
  const results = Array.from({ length: 40 }, (_, item) => commits.submit(item))
  await letAllGo()
  assert.deepEqual(sizes, [40])
  assert.equal((await Promise.all(results)).length, 40)
  const next = commits.submit(7)
  await letAllGo()
  assert.equal(await next, 7)
})

test('a flush never takes more than the limit, and order is kept', async () => {
  const batches: (readonly number[])[] = []
  const commits = groupCommit(
    (items: readonly number[]) => {
      batches.push(items)
      return Promise.resolve(items)
    },
    { limit: 2 },
  )
  assert.deepEqual(await Promise.all([1, 2, 3, 4, 5].map((item) => commits.submit(item))), [1, 2, 3, 4, 5])
  assert.deepEqual(batches, [[1, 2], [3, 4], [5]])
})

test('a bad item fails alone, with its own error', async () => {
  const commits = groupCommit((items: readonly number[]) => {
    const negative = items.find((item) => item < 0)
    return negative === undefined ? Promise.resolve(items) : Promise.reject(new RangeError(`${negative} is negative`))
  })
  const [good, bad, alsoGood] = await Promise.allSettled([1, -2, 3].map((item) => commits.submit(item)))
  assert.deepEqual(good, { status: 'fulfilled', value: 1 })
  assert.match(String(bad?.status === 'rejected' && bad.reason), /RangeError: -2 is negative/)
  assert.deepEqual(alsoGood, { status: 'fulfilled', value: 3 })
})

test('when the database is away all fail at once: nothing is tried item by item', async () => {
  let flushes = 0
  const commits = groupCommit((): Promise<number[]> => {
    flushes += 1
    return Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }))
  })
  const outcomes = await Promise.allSettled([1, 2, 3].map((item) => commits.submit(item)))
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['rejected', 'rejected', 'rejected'],
  )
  assert.equal(flushes, 1)
})

test('it takes items again after a failure', async () => {
  let away = true
  const commits = groupCommit((items: readonly number[]) =>
    away ? Promise.reject(new Error('away')) : Promise.resolve(items),
  )
  await assert.rejects(commits.submit(1), /away/)
  away = false
  assert.equal(await commits.submit(2), 2)
})

test('it is idle once all that was submitted is settled', async () => {
  const { flush, endNext } = heldFlush()
  const commits = groupCommit(flush)
  await commits.idle()
  let settled = 0
  for (const item of [1, 2]) {
    void commits.submit(item).then(() => {
      settled += 1
    })
    await turn()
  }
  const idle = commits.idle().then(() => settled)
  endNext()
  await turn()
  endNext()
  assert.equal(await idle, 2)
})

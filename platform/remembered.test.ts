/** Remembered answers: each is kept until it is too old or its subject has changed, and failures are never kept. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recollection, remembered } from './remembered.ts'

const HOUR_MS = 3_600_000

/** 1, 2, 3, … */
function counter(): () => number {
  let number = 0
  return () => {
    number += 1
    return number
  }
}

test('callers at the same time share one answer, and so does the next caller', async () => {
  const next = counter()
  const ask = remembered(HOUR_MS, async () => next())
  assert.deepEqual([...(await Promise.all([ask(), ask()])), await ask()], [1, 1, 1])
})

test('an answer that is too old is asked for again', async () => {
  const next = counter()
  const { recall } = recollection(0, 10, () => '')
  const ask = () => recall('q', async () => next())
  assert.deepEqual([await ask(), await ask()], [1, 2])
})

test('each question has its own answer, until the version changes', async () => {
  let version = 'one'
  const next = counter()
  const { recall } = recollection(HOUR_MS, 10, () => version)
  const ask = (key: string) => recall(key, async () => `${key}${next()}`)
  assert.deepEqual([await ask('a'), await ask('b'), await ask('a')], ['a1', 'b2', 'a1'])
  version = 'two'
  assert.deepEqual([await ask('a'), await ask('a')], ['a3', 'a3'])
})

test('an answer that outlasts changes is kept until it is too old', async () => {
  const versions = counter()
  const next = counter()
  const { recall } = recollection(HOUR_MS, 10, () => String(versions()))
  const ask = (key: string) =>
    recall(
      key,
      async () => next(),
      () => key === 'estimate',
    )
  assert.deepEqual([await ask('estimate'), await ask('estimate'), await ask('count'), await ask('count')], [1, 1, 2, 3])
})

test('an answer that was asked for before the change is not given after it', async () => {
  let version = 'one'
  const slow = Promise.withResolvers<string>()
  const { recall } = recollection(HOUR_MS, 10, () => version)
  const before = recall('a', () => slow.promise)
  version = 'two'
  const after = recall('a', async () => 'new')
  slow.resolve('old')
  assert.deepEqual([await before, await after, await recall('a', async () => 'newer')], ['old', 'new', 'new'])
})

test('a failure goes to the callers who wait for it, and is forgotten', async () => {
  const { recall } = recollection(HOUR_MS, 10, () => '')
  const failing = () => Promise.reject(new Error('away'))
  const both = await Promise.allSettled([recall('a', failing), recall('a', failing)])
  assert.deepEqual(
    both.map(({ status }) => status),
    ['rejected', 'rejected'],
  )
  assert.equal(await recall('a', async () => 'there'), 'there')
})

test('the oldest answers make room', async () => {
  const next = counter()
  const { recall } = recollection(HOUR_MS, 2, () => '')
  const ask = (key: string) => recall(key, async () => next())
  for (const key of ['a', 'b', 'c']) await ask(key)
  assert.deepEqual([await ask('b'), await ask('c'), await ask('a')], [2, 3, 4])
})

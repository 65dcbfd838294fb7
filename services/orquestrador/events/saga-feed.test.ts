/**
 * The feed on a database played by the tests: which followers are told, what happens when readings fail, and when nobody
 * follows.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Database } from '#platform/database/database'
import type { ShowCodes } from '../purchases/pickup-codes.ts'
import { type Follower, sagaFeed } from './saga-feed.ts'

const never = () => assert.fail('this is not called')
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Answers the two statements of the feed from what the test writes into `lines`. */
function played() {
  const lines: { id: number; transaction_id: string }[] = []
  const state = { reads: 0, down: false }
  const database = {
    query(text: string, [first, second]: readonly unknown[][]) {
      if (state.down) return Promise.reject(new Error('the database is away'))
      if (!text.includes('saga_history')) {
        return Promise.resolve((first as string[]).map((transaction_id) => ({ transaction_id })))
      }
      state.reads += 1
      const found = lines.filter(({ id, transaction_id }) => {
        const index = (first as string[]).indexOf(transaction_id)
        return index >= 0 && id > ((second as number[])[index] ?? 0)
      })
      return Promise.resolve(found)
    },
  } as unknown as Database
  return { lines, state, database }
}

const asTheyAre: ShowCodes = async (sagas) => [...sagas]

function follower() {
  const told: number[][] = []
  const follow: Follower = (_saga, history) => told.push(history.map(({ id }) => id))
  return { told, follow }
}

test('a follower is told what was there, and then what comes, with one reading for all', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const { lines, state, database } = played()
  await using feed = sagaFeed(database, asTheyAre, never)
  lines.push({ id: 1, transaction_id: 'a' }, { id: 2, transaction_id: 'b' })
  const [one, two] = [follower(), follower()]
  feed.follow('a', one.follow)
  feed.follow('a', two.follow)
  await turn()
  lines.push({ id: 3, transaction_id: 'a' })
  feed.moved('a')
  feed.moved('a')
  await turn()
  for (const { told } of [one, two]) assert.deepEqual(told, [[1], [1, 3]])
  assert.equal(state.reads, 2)
  const late = follower()
  feed.follow('a', late.follow)
  assert.deepEqual(late.told, [[1, 3]], 'at once, without a reading')
})

test('a saga that another process moved is found within a second', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const { lines, database } = played()
  await using feed = sagaFeed(database, asTheyAre, never)
  lines.push({ id: 1, transaction_id: 'a' })
  const { told, follow } = follower()
  feed.follow('a', follow)
  await turn()
  lines.push({ id: 2, transaction_id: 'a' })
  t.mock.timers.tick(1_000)
  await turn()
  assert.deepEqual(told, [[1], [1, 2]])
})

test('after the database was away, followers are told what they missed', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const { lines, state, database } = played()
  const errors: unknown[] = []
  await using feed = sagaFeed(database, asTheyAre, (error) => errors.push(error))
  lines.push({ id: 1, transaction_id: 'a' })
  state.down = true
  const { told, follow } = follower()
  feed.follow('a', follow)
  await turn()
  assert.equal(errors.length, 1)
  state.down = false
  t.mock.timers.tick(1_000)
  await turn()
  assert.deepEqual(told, [[1]])
})

test('nothing is read when nobody follows', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const { state, database } = played()
  await using feed = sagaFeed(database, asTheyAre, never)
  feed.moved('a')
  const leave = feed.follow('a', follower().follow)
  leave()
  t.mock.timers.tick(5_000)
  await turn()
  assert.equal(state.reads, 0)
})

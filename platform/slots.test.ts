import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NoSlot, slots } from './slots.ts'

test('places are given in order, and given back once', async () => {
  const { take, waiting } = slots(1, 60_000)
  const order: string[] = []
  const giveBack = await take()
  const named = async (name: string) => {
    const done = await take()
    order.push(name)
    return done
  }
  const [second, third] = [named('second'), named('third')]
  assert.equal(waiting(), 2)
  giveBack()
  giveBack()
  const next = await second
  assert.deepEqual([order, waiting()], [['second'], 1])
  next()
  ;(await third)()
  assert.deepEqual(order, ['second', 'third'])
  ;(await take())()
})

test('a caller who waits for too long is told so, and takes no place later', async () => {
  const { take, waiting } = slots(1, 20)
  const giveBack = await take()
  await assert.rejects(take(), NoSlot)
  assert.equal(waiting(), 0)
  giveBack()
  ;(await take())()
})

/** The conformance suite of the transport port: what bus.ts promises in prose, every transport must pass. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { Message } from '#contracts'
import { systemClock, systemIds } from '#platform/clock'
import { BATCH_LIMIT, type Bus, type Delivery } from './bus.ts'

const TOPIC = 'events.credit.reserved'

const message = (transaction_id = systemIds.uuid()): Message => ({
  message_id: systemIds.uuid(),
  type: TOPIC,
  schema_version: 1,
  transaction_id,
  occurred_at: systemClock.now().toISOString(),
  body: {},
})

async function until(what: string, isSo: () => boolean) {
  for (const giveUp = Date.now() + 10_000; !isSo(); await pause(2)) {
    if (Date.now() > giveUp) throw new Error(`waited in vain until ${what}`)
  }
}

export function busSuite(name: string, makeBus: () => Promise<Bus>): void {
  test(`${name}: each subscription of a topic gets each message, and publishing ends once both have`, async () => {
    await using bus = await makeBus()
    const got: Record<string, Delivery[]> = { one: [], two: [] }
    for (const [subscription, deliveries] of Object.entries(got)) {
      bus.subscribe(TOPIC, subscription, async (batch) => {
        deliveries.push(...batch)
        return []
      })
    }
    const sent = message()
    await bus.publish(sent)
    await until('both have it', () => got.one?.length === 1 && got.two?.length === 1)
    assert.deepEqual(got.one?.[0]?.message, sent)
    assert.equal(got.two?.[0]?.attempt, 1)
  })

  test(`${name}: what a handler returns comes again with the attempt counted, the rest is done`, async () => {
    await using bus = await makeBus()
    const attempts = new Map<string, number[]>()
    const [bad, good] = [message(), message()]
    bus.subscribe(TOPIC, 'one', async (batch) => {
      for (const { message: got, attempt } of batch) {
        attempts.set(got.message_id, [...(attempts.get(got.message_id) ?? []), attempt])
      }
      return batch.filter((delivery) => delivery.message.message_id === bad.message_id && delivery.attempt < 3)
    })
    await Promise.all([bus.publish(bad), bus.publish(good)])
    await until('the third attempt is made', () => attempts.get(bad.message_id)?.length === 3)
    assert.deepEqual(attempts.get(bad.message_id), [1, 2, 3])
    assert.deepEqual(attempts.get(good.message_id), [1])
  })

  test(`${name}: a handler that throws gets the whole batch again, and no attempt is counted`, async () => {
    await using bus = await makeBus()
    let outages = 2
    const got: Delivery[] = []
    bus.subscribe(TOPIC, 'one', async (batch) => {
      if (outages-- > 0) throw new Error('the database is away')
      got.push(...batch)
      return []
    })
    await Promise.all([bus.publish(message()), bus.publish(message())])
    await until('both are handled', () => got.length === 2)
    assert.deepEqual(
      got.map(({ attempt }) => attempt),
      [1, 1],
    )
  })

  test(`${name}: what waits comes together, up to the limit, and never two batches at once`, async () => {
    await using bus = await makeBus()
    const sizes: number[] = []
    let underWay = 0
    bus.subscribe(TOPIC, 'one', async (batch) => {
      underWay += 1
      assert.equal(underWay, 1)
      sizes.push(batch.length)
      await pause(5)
      underWay -= 1
      return []
    })
    await Promise.all(Array.from({ length: 2 * BATCH_LIMIT + 1 }, () => bus.publish(message())))
    assert.equal(
      sizes.reduce((sum, size) => sum + size, 0),
      2 * BATCH_LIMIT + 1,
    )
    assert.ok(Math.max(...sizes) <= BATCH_LIMIT)
    assert.ok(sizes.length < 20, `batches of ${sizes.join(', ')}`)
  })

  test(`${name}: a message that nobody subscribes to is published all the same`, async () => {
    await using bus = await makeBus()
    await bus.publish(message())
  })

  test(`${name}: stopping finishes the batch under way`, async () => {
    const bus = await makeBus()
    const state = { begun: false, finished: false }
    bus.subscribe(TOPIC, 'one', async () => {
      state.begun = true
      await pause(20)
      state.finished = true
      return []
    })
    void bus.publish(message())
    await until('the batch has begun', () => state.begun)
    await bus[Symbol.asyncDispose]()
    assert.ok(state.finished)
  })
}

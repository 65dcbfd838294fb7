/** The conformance suite of the transport port: what bus.ts promises in prose, every transport must pass. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises'
import type { Message } from '#contracts'
import { systemClock, systemIds } from '#platform/clock'
import { BATCH_LIMIT, type Bus, type Delivery, redeliveryDelayMs } from './bus.ts'

const TOPIC = 'events.credit.reserved'
const SUBSCRIPTION = 'orquestrador-credit-reserved-sub'

export const message = (): Message => ({
  message_id: systemIds.uuid(),
  type: TOPIC,
  schema_version: 1,
  transaction_id: systemIds.uuid(),
  occurred_at: systemClock.now().toISOString(),
  body: { customer_id: 1, note: 'até 10 €' },
})

export async function until(what: string, isSo: () => boolean) {
  for (const giveUp = Date.now() + 10_000; !isSo(); await pause(2)) {
    if (Date.now() > giveUp) throw new Error(`waited in vain until ${what}`)
  }
}

/** A subscription that notes the messages it gets; `again` picks those that are to come again, or throws. */
export function subscribed(bus: Bus, again: (delivery: Delivery) => boolean = () => false, name = SUBSCRIPTION) {
  const batches: (readonly Delivery[])[] = []
  const times = new Map<string, number[]>()
  bus.subscribe(TOPIC, name, (batch) => {
    batches.push(batch)
    for (const delivery of batch) note(times, delivery.message.message_id)
    return Promise.resolve(batch.filter(again))
  })
  return {
    batches,
    deliveries: () => batches.flat(),
    attemptsOf: ({ message_id }: Message) =>
      batches
        .flat()
        .filter((delivery) => delivery.message.message_id === message_id)
        .map(({ attempt }) => attempt),
    timesOf: ({ message_id }: Message) => times.get(message_id) ?? [],
  }
}

const note = (times: Map<string, number[]>, id: string) => times.set(id, [...(times.get(id) ?? []), performance.now()])

/** Timers may fire a little early against the monotonic clock. */
const SLACK = 5

export function busSuite(name: string, makeBus: () => Promise<Bus>): void {
  test(`${name}: each subscription of a topic gets each message, whole, for the first time`, async () => {
    await using bus = await makeBus()
    const subscribers = ['a-sub', 'b-sub', 'c-sub'].map((one) => subscribed(bus, undefined, one))
    const sent = [message(), message(), message()]
    await Promise.all(sent.map((one) => bus.publish(one)))
    await until('all have all', () => subscribers.every(({ deliveries }) => deliveries().length === sent.length))
    const byId = (one: Message, other: Message) => (one.message_id < other.message_id ? -1 : 1)
    for (const { deliveries } of subscribers) {
      assert.deepEqual(
        deliveries()
          .map((delivery) => delivery.message)
          .sort(byId),
        sent.toSorted(byId),
      )
      assert.ok(deliveries().every(({ attempt }) => attempt === 1))
    }
  })

  test(`${name}: a subscription gets the messages of its own topic only`, async () => {
    await using bus = await makeBus()
    const { deliveries, attemptsOf } = subscribed(bus)
    const mine = message()
    await Promise.all([bus.publish({ ...message(), type: 'events.credit.released' }), bus.publish(mine)])
    await until('mine has come', () => attemptsOf(mine).length === 1)
    assert.equal(deliveries().length, 1)
  })

  test(`${name}: the deliveries that a handler returns come again after a back-off as the next attempt, and the rest is done`, async () => {
    await using bus = await makeBus()
    const [bad, good] = [message(), message()]
    const { attemptsOf, timesOf } = subscribed(
      bus,
      (one) => one.message.message_id === bad.message_id && one.attempt < 3,
    )
    await Promise.all([bus.publish(bad), bus.publish(good)])
    await until('the third attempt is made', () => attemptsOf(bad).length === 3)
    assert.deepEqual(attemptsOf(bad), [1, 2, 3])
    assert.deepEqual(attemptsOf(good), [1])
    const [first = 0, second = 0, third = 0] = timesOf(bad)
    assert.ok(second - first >= redeliveryDelayMs(1) - SLACK, `came again after ${second - first} ms`)
    assert.ok(third - second >= redeliveryDelayMs(2) - SLACK, `came again after ${third - second} ms`)
  })

  test(`${name}: while one message waits to come again, others are handled`, async () => {
    await using bus = await makeBus()
    const [bad, later] = [message(), message()]
    const { attemptsOf } = subscribed(bus, (one) => one.message.message_id === bad.message_id && one.attempt < 3)
    void bus.publish(bad)
    await until('it has failed', () => attemptsOf(bad).length === 1)
    void bus.publish(later)
    await until('the other is handled', () => attemptsOf(later).length === 1)
    assert.ok(attemptsOf(bad).length < 3)
    await until('the third attempt is made', () => attemptsOf(bad).length === 3)
  })

  test(`${name}: a handler that throws gets the whole batch again after a back-off, and no attempt is counted`, async () => {
    await using bus = await makeBus()
    let outages = 2
    const away = () => {
      if (outages === 0) return false
      outages -= 1
      throw new Error('the database is away')
    }
    const { attemptsOf, timesOf } = subscribed(bus, away)
    const sent = [message(), message()]
    await Promise.all(sent.map((one) => bus.publish(one)))
    await until('both are handled', () => outages === 0 && sent.every((one) => attemptsOf(one).length > 1))
    for (const one of sent) {
      assert.ok(attemptsOf(one).every((attempt) => attempt === 1))
      const [first = 0, second = 0] = timesOf(one)
      assert.ok(second - first >= redeliveryDelayMs(1) - SLACK, `came again after ${second - first} ms`)
    }
  })

  test(`${name}: messages that wait while a batch is handled come together, up to the limit, never two batches at once`, async () => {
    await using bus = await makeBus()
    const sizes: number[] = []
    let underWay = 0
    const { promise: gate, resolve: open } = Promise.withResolvers<void>()
    bus.subscribe(TOPIC, SUBSCRIPTION, async (batch) => {
      underWay += 1
      sizes.push(underWay === 1 ? batch.length : Number.NaN)
      await gate
      await turn()
      underWay -= 1
      return []
    })
    const total = 2 * BATCH_LIMIT + 2
    const published = [bus.publish(message())]
    await until('the first is under way', () => sizes.length === 1)
    for (let count = 1; count < total; count += 1) published.push(bus.publish(message()))
    open()
    await Promise.all(published)
    await until('all have come', () => sizes.reduce((sum, size) => sum + size, 0) >= total)
    const largest = Math.max(...sizes) // a transport may hand over less than the limit at a time
    assert.ok(largest <= BATCH_LIMIT && largest >= BATCH_LIMIT / 2, `batches of ${sizes.join(', ')}`)
    assert.equal(sizes[0], 1)
    assert.ok(sizes.length < 20, `batches of ${sizes.join(', ')}`)
  })

  test(`${name}: one subscription that is slow does not hold up another`, async () => {
    await using bus = await makeBus()
    const { promise: gate, resolve: open } = Promise.withResolvers<void>()
    bus.subscribe(TOPIC, 'slow-sub', async () => {
      await gate
      return []
    })
    const { attemptsOf } = subscribed(bus, undefined, 'quick-sub')
    const [one, other] = [message(), message()]
    for (const sent of [one, other]) {
      void bus.publish(sent)
      await until('the quick one has it', () => attemptsOf(sent).length === 1)
    }
    open()
  })

  test(`${name}: a message that nobody subscribes to is published all the same`, async () => {
    await using bus = await makeBus()
    await bus.publish(message())
  })

  test(`${name}: stopping finishes the batch under way, and no other begins`, async () => {
    const bus = await makeBus()
    const { promise: gate, resolve: open } = Promise.withResolvers<void>()
    const state = { begun: 0, finished: 0, stopped: false }
    bus.subscribe(TOPIC, SUBSCRIPTION, async () => {
      state.begun += 1
      await gate
      state.finished += 1
      return []
    })
    void bus.publish(message()).catch(() => {})
    await until('the batch has begun', () => state.begun === 1)
    void bus.publish(message()).catch(() => {})
    const stopping = bus[Symbol.asyncDispose]().then(() => {
      state.stopped = true
    })
    await turn()
    assert.equal(state.stopped, false)
    open()
    await stopping
    assert.deepEqual(state, { begun: 1, finished: 1, stopped: true })
  })
}

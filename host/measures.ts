/** The metrics of messaging: what became of messages, batch by batch, and how many wait in the outbox or were parked. */
import { Counter, Histogram } from 'prom-client'
import { BATCH_LIMIT, type BatchHandler, countWaiting, measureOutbox } from '#messaging'
import type { Database } from '#platform/database/database'
import type { Gauge, Telemetry } from '#platform/telemetry'

/** Wraps the handler of a subscription's batches; `onParked` is to be called for each message that was parked. */
export type Measured = (subscription: string, consumer: (onParked: () => void) => BatchHandler) => BatchHandler

/** A batch costs two microseconds, however many messages it holds. */
export function batchMeasures({ registry }: Telemetry): Measured {
  const registers = [registry]
  const messages = new Counter({
    name: 'mercado_messages_total',
    help: 'Messages by what became of them: handled, to come again, parked, or put back because the batch failed',
    labelNames: ['subscription', 'outcome'],
    registers,
  })
  const sizes = new Histogram({
    name: 'mercado_message_batch_size',
    help: 'Messages of a batch',
    labelNames: ['subscription'],
    buckets: [1, 2, 4, 8, 16, 32, 64, BATCH_LIMIT],
    registers,
  })
  const durations = new Histogram({
    name: 'mercado_message_batch_seconds',
    help: 'From taking a batch to its commit',
    labelNames: ['subscription'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  })

  return (subscription, consumer) => {
    let parked = 0 // one subscription's batches come one at a time
    const handle = consumer(() => {
      parked += 1
    })
    const count = (outcome: string, number: number) => {
      if (number > 0) messages.inc({ subscription, outcome }, number)
    }
    messages.inc({ subscription, outcome: 'handled' }, 0)
    return async (batch) => {
      const begun = performance.now()
      parked = 0
      sizes.observe({ subscription }, batch.length)
      try {
        const again = await handle(batch)
        count('handled', batch.length - again.length - parked)
        count('again', again.length)
        count('parked', parked)
        return again
      } catch (error) {
        count('put_back', batch.length)
        throw error
      } finally {
        durations.observe({ subscription }, (performance.now() - begun) / 1_000)
      }
    }
  }
}

/** `subscriptions` are this service's: each has a value even when nothing waits, so that a gauge never disappears. */
export function messagingGauges(database: Database, subscriptions: readonly string[]): Gauge[] {
  return [
    {
      name: 'mercado_outbox_rows',
      help: 'Transactions whose messages the bus has not taken yet, counted up to 100,000',
      read: async () => [{ value: (await measureOutbox(database)).rows }],
    },
    {
      name: 'mercado_outbox_oldest_age_seconds',
      help: 'Age of the oldest of them, 0 when there is none',
      read: async () => [{ value: (await measureOutbox(database)).oldest_age_seconds }],
    },
    {
      name: 'mercado_dead_letters',
      help: 'Messages that could not be handled and wait for an operator, counted up to 100,000',
      labels: ['subscription'],
      read: async () => {
        const counts = new Map(subscriptions.map((subscription) => [subscription, 0]))
        for (const { subscription, waiting } of await countWaiting(database)) {
          const known = counts.has(subscription) ? subscription : 'other' // a message from a stranger may name any type
          counts.set(known, (counts.get(known) ?? 0) + waiting)
        }
        return [...counts].map(([subscription, value]) => ({ labels: { subscription }, value }))
      },
    },
    {
      name: 'mercado_database_connections',
      help: 'Connections to the database: busy, idle, and the work that waits for one',
      labels: ['state'],
      read: async () => connectionReadings(database),
    },
  ]
}

function connectionReadings(database: Database) {
  const { open, idle, waiting } = database.usage()
  return Object.entries({ busy: open - idle, idle, waiting }).map(([state, value]) => ({ labels: { state }, value }))
}

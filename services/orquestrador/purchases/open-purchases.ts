/**
 * How many purchases by Pix a customer may have under way: one holds a vehicle for as long as its code can be paid, and costs
 * nothing before, so that without a limit anybody could keep everything from being sold.
 */
import type { Database } from '#platform/database/database'
import { Problem } from '#platform/problem'
import { countOpenPix } from '../runner/saga-store.ts'

export interface OpenPurchases {
  /** Does `start`, or throws `too_many_unpaid_purchases`. A process takes a customer's starts one after the other. */
  within<Started>(customer_id: number, start: () => Promise<Started>): Promise<Started>
}

/** `limit` 0: any number. Each process counts what has committed: with `n` of them there may be a few more for a moment. */
export function openPurchases(database: Database, limit: number): OpenPurchases {
  const last = new Map<number, Promise<unknown>>()

  async function counted<Started>(customer_id: number, start: () => Promise<Started>): Promise<Started> {
    if ((await countOpenPix(database, customer_id, limit)) >= limit) throw new Problem('too_many_unpaid_purchases')
    return start()
  }

  return {
    async within(customer_id, start) {
      if (limit === 0) return start()
      const before = last.get(customer_id) ?? Promise.resolve()
      const mine = before.then(
        () => counted(customer_id, start),
        () => counted(customer_id, start),
      )
      last.set(customer_id, mine)
      try {
        return await mine
      } finally {
        if (last.get(customer_id) === mine) last.delete(customer_id)
      }
    },
  }
}

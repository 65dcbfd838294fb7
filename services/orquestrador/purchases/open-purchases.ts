/**
 * Limits on stock that is held without payment. A purchase by Pix holds a vehicle while its code can be paid, and costs nothing
 * until then. So a customer may have only a few of them at once and must wait before trying the same vehicle again, and all of
 * them together may be limited to a share of the stock. Purchases by staff, who see the buyer, do not count.
 */
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database/database'
import { Problem } from '#platform/problem'
import { countAllOpenPix, countOpenPix, lastUnpaidEnd } from '../runner/saga-store.ts'

export interface OpenPurchases {
  /** Runs `start`, or throws the problem that says why not now. A process runs the starts of one customer one after the other. */
  within<Started>(wish: Wish, start: () => Promise<Started>): Promise<Started>
}

interface Wish {
  readonly customer_id: number
  readonly vehicle_id: number
}

interface Limits {
  /** The most of one customer at once; 0: no limit. */
  readonly perCustomer: number
  /** How long a customer who did not pay must wait before holding the same vehicle again; 0: no wait. */
  readonly pauseMs: number
  /** The percentage of the stock that unpaid purchases may hold; 0: no limit. */
  readonly share: number
  /** How many vehicles are on sale at present. */
  readonly onSale: () => Promise<number>
}

/** This many may always be held, whatever the share: a small dealership has busy days. */
const SHARE_FROM = 50

/** Each process counts committed purchases, so with several processes there may be a few more for a moment. */
export function openPurchases(database: Database, clock: Clock, limits: Limits): OpenPurchases {
  const { perCustomer, pauseMs, share } = limits
  const last = new Map<number, Promise<unknown>>()

  async function counted<Started>({ customer_id, vehicle_id }: Wish, start: () => Promise<Started>): Promise<Started> {
    if (perCustomer > 0 && (await countOpenPix(database, customer_id, perCustomer)) >= perCustomer)
      throw new Problem('too_many_unpaid_purchases')
    if (pauseMs > 0) await refuseBeforePause(customer_id, vehicle_id)
    if (share > 0) await refuseBeyondShare()
    return start()
  }

  async function refuseBeforePause(customer_id: number, vehicle_id: number) {
    const now = clock.now().getTime()
    const ended = await lastUnpaidEnd(database, customer_id, vehicle_id, new Date(now - pauseMs))
    if (!ended) return
    throw new Problem('vehicle_held_before', { retry_after: Math.ceil((ended.getTime() + pauseMs - now) / 1_000) })
  }

  /** The size of the stock is fetched only once SHARE_FROM are held. */
  async function refuseBeyondShare() {
    const held = await countAllOpenPix(database)
    if (held < SHARE_FROM) return
    const stock = held + (await limits.onSale())
    if (held >= Math.max(SHARE_FROM, (stock * share) / 100)) throw new Problem('stock_held_unpaid', { retry_after: 60 })
  }

  return {
    async within(wish, start) {
      const { customer_id } = wish
      const before = last.get(customer_id) ?? Promise.resolve()
      const mine = before.then(
        () => counted(wish, start),
        () => counted(wish, start),
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

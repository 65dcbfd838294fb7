/** Publishes which sold vehicles have waited for days: they fill the yard, and their buyer may be in trouble. */
import { vehicleAwaitingPickup } from '#contracts'
import { outgoing, type UnitOfWork } from '#messaging'
import { type Alarm, startAlarm } from '#platform/alarm'
import type { Clock, Ids } from '#platform/clock'
import { takeWaiting } from './waiting-store.ts'

const TOLD_AFTER_DAYS = [3, 10]
const LOOK_EVERY_MS = 3_600_000

export interface WaitingParts {
  readonly unitOfWork: UnitOfWork
  readonly clock: Clock
  readonly ids: Ids
}

/** Resolves to the number of vehicles published. */
export const tellWaiting = ({ unitOfWork, clock, ids }: WaitingParts): Promise<number> =>
  unitOfWork(async (tx, send) => {
    const waiting = await takeWaiting(tx, TOLD_AFTER_DAYS, clock.now())
    for (const { transaction_id, vehicle_id, customer_id, days, sold_at } of waiting) {
      const told = { vehicle_id, days, sold_at: sold_at.toISOString(), ...(customer_id !== null && { customer_id }) }
      send(outgoing(vehicleAwaitingPickup, transaction_id ?? ids.uuid(), told))
    }
    return waiting.length
  })

export const startTellingWaiting = (parts: WaitingParts, onError: (error: unknown) => void): Alarm =>
  startAlarm(async () => {
    await tellWaiting(parts)
    return new Date(Date.now() + LOOK_EVERY_MS)
  }, onError)

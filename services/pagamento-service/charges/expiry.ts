/** This service's own durable clock: closes the codes that nobody paid in time, and tells their purchases. */
import type { UnitOfWork } from '#messaging'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database/database'
import { expire } from '../domain/charge.ts'
import { paymentReply } from '../domain/replies.ts'
import { ChargeBatch } from './charge-batch.ts'
import { lockExpired, nextExpiry } from './charge-store.ts'

const BATCH = 100

/**
 * Expires what is due and returns when the next code will be. Many replicas may do so at once. A code whose charge lies
 * with a provider over the network is not closed here: that its provider must be asked is recorded, and `onErrand` told.
 */
export async function expireCodes(
  database: Database,
  unitOfWork: UnitOfWork,
  clock: Clock,
  onErrand: () => void = () => {},
): Promise<Date | null> {
  for (;;) {
    const now = clock.now()
    const [expired, hasErrand] = await unitOfWork(async (tx, send) => {
      const due = await lockExpired(tx, now, BATCH)
      const batch = new ChargeBatch(due)
      const after = due.map((charge) => expire(charge, now))
      for (const charge of after) {
        batch.put(charge)
        const reply = paymentReply(charge)
        if (reply) send(reply)
      }
      await batch.save(tx, now)
      return [due.length, after.some(({ code }) => code.task)]
    })
    if (hasErrand) onErrand()
    if (expired < BATCH) return nextExpiry(database)
  }
}

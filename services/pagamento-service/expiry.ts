/** This service's own durable clock: closes the codes that nobody paid in time, and tells their purchases. */
import type { UnitOfWork } from '#messaging'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database'
import { lockExpired, nextExpiry } from './charge-store.ts'
import { expire } from './domain/charge.ts'
import { paymentReply } from './domain/replies.ts'
import { ChargeBatch } from './settle.ts'

const BATCH = 100

/** Expires what is due and returns when the next code will be. Many replicas may do so at once. */
export async function expireCodes(database: Database, unitOfWork: UnitOfWork, clock: Clock): Promise<Date | null> {
  for (;;) {
    const now = clock.now()
    const expired = await unitOfWork(async (tx, send) => {
      const due = await lockExpired(tx, now, BATCH)
      const batch = new ChargeBatch(due)
      for (const charge of due) {
        const after = expire(charge, now)
        batch.put(after)
        const reply = paymentReply(after)
        if (reply) send(reply)
      }
      await batch.save(tx, now)
      return due.length
    })
    if (expired < BATCH) return nextExpiry(database)
  }
}

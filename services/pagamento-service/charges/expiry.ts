/** The durable clock of codes: closes those that nobody paid in time, and tells their purchases. */
import type { UnitOfWork } from '#messaging'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database/database'
import { expire } from '../domain/charge.ts'
import { paymentReply } from '../domain/replies.ts'
import { ChargeBatch } from './charge-batch.ts'
import { lockExpired, nextExpiry } from './charge-store.ts'
import { type ChargeRule, decideCharges } from './decide-charge.ts'

const BATCH = 100

/**
 * Expires the due codes and returns when the next one is due. Many replicas may do so at once. A code whose charge lies with
 * a provider over the network is not closed here: an errand to its provider is recorded, and `onErrand` called.
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
      const codes = due.map(({ code }) => code)
      await decideCharges(tx, send, new ChargeBatch(due), codes, expiry(now), now)
      return [due.length, due.some(({ code }) => code.txid)]
    })
    if (hasErrand) onErrand()
    if (expired < BATCH) return nextExpiry(database)
  }
}

const expiry = (now: Date): ChargeRule<unknown> => ({
  decide: (charge) => charge && expire(charge, now),
  reply: (charge) => charge && paymentReply(charge),
})

/**
 * Looks at charges whose provider has reported nothing: callbacks get lost, and a buyer who has paid should not wait until the
 * code expires. The provider's answer counts like a callback.
 */
import type { UnitOfWork } from '#messaging'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database/database'
import { lockCharges } from '../charges/charge-store.ts'
import { decideCharge } from '../charges/decide-charge.ts'
import { ProviderFault, type RemoteCharges } from '../domain/provider.ts'
import { cancelled } from '../domain/receipt.ts'
import { paymentReply } from '../domain/replies.ts'
import { claimLooks, type DueLook, nextLook } from './look-store.ts'
import { takeReceipts } from './receipts.ts'

export interface UnheardParts {
  readonly database: Database
  readonly unitOfWork: UnitOfWork
  readonly clock: Clock
  readonly charges: RemoteCharges
  /** Called after a commit that left money to be given back. */
  readonly onErrand: () => void
  readonly onError: (error: unknown) => void
}

/** Fewer than there are connections to the provider, so that purchases go first. */
const AT_ONCE = 8
/** The shortest wait before a provider that could not be asked is asked again. */
const PAUSE_MS = 10_000
const HOUR_MS = 3_600_000

/** Looks at the due charges and returns when the next one is due. Many replicas may do so at once. */
export async function lookAtUnheard(parts: UnheardParts): Promise<Date | null> {
  const { database, clock, onError } = parts
  for (;;) {
    const due = await claimLooks(database, clock.now(), AT_ONCE)
    const looked = await Promise.allSettled(due.map((one) => lookAt(parts, one)))
    const errors = looked.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    const ours = errors.find((error) => !(error instanceof ProviderFault))
    if (ours) throw ours
    if (errors.length > 0) {
      onError(errors[0])
      return new Date(clock.now().getTime() + pauseAfter(errors))
    }
    if (due.length < AT_ONCE) return nextLook(database)
  }
}

async function lookAt(parts: UnheardParts, { transaction_id, txid }: DueLook): Promise<void> {
  const { unitOfWork, clock, charges, onErrand } = parts
  const { status, pix } = await charges.look(txid)
  if (pix.length > 0) {
    const receipts = pix.map((one) => ({ ...one, name: txid }))
    const { hasErrand } = await unitOfWork((tx, send) => takeReceipts(tx, send, receipts, clock.now()))
    if (hasErrand) onErrand()
  }
  if (status === 'closed') await cancel(parts, transaction_id)
}

/** The provider has withdrawn the charge, so the buyer can't pay any more. */
const cancel = ({ unitOfWork, clock }: UnheardParts, transaction_id: string) =>
  unitOfWork(async (tx, send) => {
    const [charge] = await lockCharges(tx, [transaction_id])
    if (charge) await decideCharge(tx, send, charge, cancelled, paymentReply, clock.now())
  })

const pauseAfter = (errors: readonly unknown[]) =>
  Math.max(
    PAUSE_MS,
    ...errors.map((error) => (error instanceof ProviderFault ? Math.min(error.retryAfterMs ?? 0, HOUR_MS) : 0)),
  )

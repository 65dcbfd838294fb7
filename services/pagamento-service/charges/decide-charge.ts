/** The one way to change charges: decide on locked records, save, then reply, all in one transaction. */
import type { Outgoing, Send } from '#messaging'
import type { Tx } from '#platform/database/database'
import type { Charge } from '../domain/charge.ts'
import { ChargeBatch } from './charge-batch.ts'

/** How asks (mostly commands) are decided and answered. */
export interface ChargeRule<Ask> {
  /** Undefined when there is no such charge and none is made. */
  readonly decide: (charge: Charge | undefined, ask: Ask) => Charge | undefined
  readonly reply: (charge: Charge | undefined, ask: Ask) => Outgoing | undefined
}

/** Decides each ask on the state that the one before it left. All asks, also repeated ones, are answered from the saved state. */
export async function decideCharges<Ask extends { readonly transaction_id: string }>(
  tx: Tx,
  send: Send,
  batch: ChargeBatch,
  asks: readonly Ask[],
  { decide, reply }: ChargeRule<Ask>,
  now: Date,
): Promise<void> {
  for (const ask of asks) {
    const decided = decide(batch.get(ask.transaction_id), ask)
    if (decided) batch.put(decided)
  }
  await batch.save(tx, now)
  for (const ask of asks) {
    const answer = reply(batch.get(ask.transaction_id), ask)
    if (answer) send(answer)
  }
}

/** Decides one locked charge, and tells its purchase if anything changed. Resolves to the saved charge. */
export async function decideCharge(
  tx: Tx,
  send: Send,
  before: Charge,
  decide: (charge: Charge, now: Date) => Charge,
  reply: (after: Charge) => Outgoing | undefined,
  now: Date,
): Promise<Charge> {
  const batch = new ChargeBatch([before])
  const rule: ChargeRule<unknown> = {
    decide: (charge) => charge && decide(charge, now),
    reply: (after) => (after && after !== before ? reply(after) : undefined),
  }
  await decideCharges(tx, send, batch, [before.code], rule, now)
  return batch.get(before.code.transaction_id) ?? before
}

/** For a change that the purchase need not learn of. */
export const untold = (): undefined => undefined

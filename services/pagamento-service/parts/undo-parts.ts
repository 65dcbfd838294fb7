/** Sends the parts of undone purchases back, each its own way, and says how far they are. Call it with the codes locked. */
import type { Queryable, Tx } from '#platform/database/database'
import { insertTillEntry } from '../closings/closing-store.ts'
import type { Charge } from '../domain/charge.ts'
import {
  owedOfPart,
  oweInstead,
  type PartBack,
  sendBack,
  sourceOf,
  type WayBack,
  wayBackOf,
} from '../domain/parts-back.ts'
import { insertOwed, settleByProvider } from '../owed/owed-store.ts'
import { findPartsBack, updatePartsBack, voidDebts } from './part-back-store.ts'

/** A second call finds nothing that still counts. */
export async function undoParts(tx: Tx, charges: readonly Charge[], now: Date): Promise<void> {
  if (charges.length === 0) return
  const ids = idsOf(charges)
  const parts = await findPartsBack(tx, ids)
  for (const charge of charges)
    savePartsBack(tx, charge, sendBack(ownOf(charge, parts), charge.payment?.abated_cents ?? 0, now), now)
  voidDebts(tx, ids, now)
}

/** An operator has given the payments of these returns up: what their providers have not given back yet is owed. */
export async function oweParts(tx: Tx, charges: readonly Charge[], now: Date): Promise<void> {
  if (charges.length === 0) return
  const parts = await findPartsBack(tx, idsOf(charges))
  for (const charge of charges) savePartsBack(tx, charge, oweInstead(ownOf(charge, parts)), now)
}

/** Stores parts whose way back has changed, with the debt or the payment out of the till that follows. */
export function savePartsBack(tx: Tx, { payment }: Charge, parts: readonly PartBack[], now: Date): void {
  updatePartsBack(tx, parts, now)
  insertOwed(
    tx,
    parts.flatMap((part) => owedOfPart(part, payment?.return_id ?? null, now) ?? []),
    now,
  )
  const refunded = parts.filter(({ state, back_cents }) => state === 'refunded' && back_cents > 0)
  settleByProvider(
    tx,
    refunded.map(({ id }) => sourceOf(id)),
    now,
  )
  for (const { id, method, back_cents } of refunded)
    insertTillEntry(tx, { source: `${sourceOf(id)} refunded`, method, amount_cents: -back_cents }, now)
}

/** How far the parts of these charges are; of charges that were not paid at the counter nothing is asked. */
export async function waysBack(
  tx: Queryable,
  charges: readonly Charge[],
): Promise<(charge: Charge) => WayBack | undefined> {
  const atCounter = charges.filter(({ code }) => code.payment_type === 'counter')
  const parts = atCounter.length > 0 ? await findPartsBack(tx, idsOf(atCounter)) : []
  return (charge) => (charge.code.payment_type === 'counter' ? wayBackOf(ownOf(charge, parts)) : undefined)
}

const idsOf = (charges: readonly Charge[]) => charges.map(({ code }) => code.transaction_id)

const ownOf = ({ code }: Charge, parts: readonly PartBack[]) =>
  parts.filter(({ transaction_id }) => transaction_id === code.transaction_id)

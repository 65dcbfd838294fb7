/** Who sold it, said anew by an admin: with the purchase, for the sellers who look for their sales, and in the owner's reports. */
import type { Static } from 'typebox'
import { type Author, writeJournal } from '#host'
import type { Clock, Ids } from '#platform/clock'
import type { Tx } from '#platform/database/database'
import { dayOf } from '#platform/days'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import type { Sellers } from '../domain/ledger.ts'
import { keepFacts, saleOf } from '../reports/facts.ts'
import { purchasesWithReturn } from '../returns/return-store.ts'
import type { StoredSaga } from '../runner/saga-store.ts'
import { updateSellers } from './sale-store.ts'
import { faultsOf, type SellersField, sellersOf } from './sellers.ts'

export function expectShares(sellers: Static<typeof SellersField> | undefined): void {
  const errors = faultsOf(sellers)
  if (errors.length > 0) throw new Problem('validation_failed', { errors })
}

interface Correction {
  readonly by: Author
  readonly reason: string
  /** The last month that is closed. */
  readonly closed: string | null
}

/** Reports are heard a moment after the sale. */
const RETRY_AFTER_SECONDS = 1

/** Call it with the purchase locked. */
export async function correctSellers(
  tx: Tx,
  { vault, clock, ids }: { readonly vault: Vault; readonly clock: Clock; readonly ids: Ids },
  { transaction_id, status, data }: StoredSaga,
  sellers: Sellers,
  { by, reason, closed }: Correction,
): Promise<void> {
  const before = data.sellers ?? null
  if (JSON.stringify(before) === JSON.stringify(sellers)) return
  if ((await purchasesWithReturn(tx, [transaction_id])).length > 0) throw new Problem('taken_over')
  const at = clock.now()
  if (status === 'COMPLETED') {
    const sold = await saleOf(tx, data.vehicle_id)
    if (sold?.transaction_id !== transaction_id) throw new Problem('unavailable', { retry_after: RETRY_AFTER_SECONDS })
    if (closed !== null && dayOf(new Date(sold.at)).slice(0, 7) <= closed) throw new Problem('period_closed')
    const key = `sellers:${transaction_id}:${ids.uuid()}`
    await keepFacts(tx, [
      { key, at: at.toISOString(), vehicle_id: data.vehicle_id, kind: 'sellers', transaction_id, sellers },
    ])
  }
  const finding = sellersOf({ ...data, sellers })
  // whoever has left has handed the sale over: the one who has it now still finds it
  const leaving = sellersOf(data).filter((seller) => !finding.includes(seller))
  updateSellers(tx, transaction_id, sellers, { leaving, finding }, at)
  const act = { by, at, act: 'sellers_corrected', about: 'purchase', about_id: transaction_id, reason } as const
  await writeJournal(tx, vault, [{ ...act, before: { sellers: before }, after: { sellers } }])
}

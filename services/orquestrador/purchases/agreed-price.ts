/**
 * A price further below the listed one than one person may agree on: an admin decides, and an approval starts the purchase.
 */
import { type ApprovalKind, expectStill, writeJournal } from '#host'
import type { Clock } from '#platform/clock'
import { toCents } from '#platform/money'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import type { PurchaseRequest } from '../purchase-saga.ts'
import type { SagaRunner } from '../runner/run-saga.ts'
import type { Neighbours } from './neighbours.ts'
import { insertSellers } from './sale-store.ts'

export const AGREED_PRICE = 'agreed_price'

/** What an approval of a price rests on: the listed price, and what the vehicle has cost once that is known. */
export const priceBasis = (list_cents: number | undefined, cost_cents: number | undefined) => ({
  list_cents,
  ...(cost_cents !== undefined && { cost_cents }),
})
type Basis = ReturnType<typeof priceBasis>

interface Parts {
  readonly runner: Pick<SagaRunner, 'startWithin'>
  readonly neighbours: Pick<Neighbours, 'vehicle' | 'judgePrice'>
  readonly vault: Vault
  readonly clock: Clock
}

export const agreedPriceKind = ({ runner, neighbours, vault, clock }: Parts): ApprovalKind => ({
  kind: AGREED_PRICE,
  async prepare({ request }) {
    const { vehicle_id, amount_cents } = request as unknown as PurchaseRequest
    const vehicle = await neighbours.vehicle(vehicle_id)
    if (!vehicle) throw new Problem('vehicle_not_found')
    const { cost_cents } = await neighbours.judgePrice(vehicle_id, amount_cents, {
      discount_limit: 0,
      is_seller: false,
    })
    return priceBasis(toCents(vehicle.price), cost_cents)
  },
  async carryOut(tx, send, approval, _by, basis) {
    const { id, about_id, reason, asked } = approval
    const purchase = approval.request as unknown as PurchaseRequest
    expectStill(approval, basis as Basis)
    insertSellers(tx, about_id, purchase, asked)
    runner.startWithin(tx, send, 'purchase', about_id, purchase)
    const { amount_cents, list_cents } = purchase
    const act = { by: asked, at: clock.now(), act: 'price_agreed', about: 'purchase', about_id } as const
    await writeJournal(tx, vault, [{ ...act, reason, after: { amount_cents, list_cents }, approval_id: id }])
  },
})

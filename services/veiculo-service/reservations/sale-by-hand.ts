/** A sale without a purchase: staff ask for it, an admin decides. The vehicle and the journal name the seller. */
import {
  type Approval,
  type ApprovalKind,
  type Approvals,
  type Author,
  authorName,
  expectStill,
  writeJournal,
} from '#host'
import type { Send } from '#messaging'
import type { Tx } from '#platform/database/database'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import { tellAccount } from '../costs/tell-account.ts'
import { sell } from '../domain/reservation.ts'
import type { Stock } from '../domain/vehicle.ts'
import { markSoldBy } from '../vehicles/price-store.ts'
import { lockStock } from './reservation-store.ts'
import { type SalesParts, sellAll } from './sales.ts'

export interface HandSaleParts extends SalesParts {
  readonly vault: Vault
  readonly approvals: Approvals
}

const KIND = 'sale_by_hand'

export async function sellOrAsk(
  tx: Tx,
  send: Send,
  parts: HandSaleParts,
  id: number,
  by: Author,
): Promise<Stock | Approval> {
  const { approvals, clock, issueCode } = parts
  const [vehicle] = await lockStock(tx, [id])
  const sale = sell(vehicle, undefined, { transaction_id: null, ...issueCode(id) }, clock.now())
  if (typeof sale === 'string') throw new Problem(sale)
  const wish = {
    ...({ kind: KIND, about: 'vehicle', about_id: id } as const),
    ...{ request: {}, rests_on: restsOn(sale.vehicle, vehicle), reason: null },
  }
  if (approvals.needsAnother(by)) return approvals.ask(tx, by, wish)
  const { id: approval_id } = approvals.decideAlone(tx, by, wish)
  return sellOne(tx, send, parts, id, by, approval_id)
}

export const saleByHandKind = (parts: HandSaleParts): ApprovalKind => ({
  kind: KIND,
  async carryOut(tx, send, approval) {
    const id = Number(approval.about_id)
    const [vehicle] = await lockStock(tx, [id])
    if (!vehicle) throw new Problem('vehicle_not_found')
    expectStill(approval, { price_cents: vehicle.price_cents, revision: vehicle.revision })
    await sellOne(tx, send, parts, id, approval.asked, approval.id)
  },
})

const restsOn = ({ price_cents }: Stock, before: Stock | undefined) => ({
  price_cents,
  revision: before?.revision ?? 0,
})

async function sellOne(tx: Tx, send: Send, parts: HandSaleParts, id: number, by: Author, approval_id: string) {
  const [sold] = await sellAll(tx, send, [{ vehicle_id: id, transaction_id: null }], parts)
  if (typeof sold === 'string') throw new Problem(sold)
  if (!sold) throw new Error(`the sale of ${id} has no result`)
  await markSoldBy(tx, id, authorName(by))
  await tellAccount(tx, send, parts.ids, id)
  const about = { about: 'vehicle', about_id: id } as const
  const after = { status: sold.status, price_cents: sold.price_cents }
  await writeJournal(tx, parts.vault, [
    { by, at: parts.clock.now(), act: 'sold_by_hand', ...about, after, approval_id },
  ])
  return sold
}

/**
 * Stores a statement about a vehicle's papers, with its author. A theft that is found takes the vehicle off sale at once.
 */
import { type Author, authorName, differences, writeJournal } from '#host'
import type { Send } from '#messaging'
import type { Clock, Ids } from '#platform/clock'
import type { Tx } from '#platform/database/database'
import { dayOf } from '#platform/days'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import { type Documents, type Invoice, lackingForRenave, tasksOf } from '../domain/papers.ts'
import { type Restrictions, stated } from '../domain/restrictions.ts'
import { type Unidentified, withdraw } from '../domain/vehicle.ts'
import { updateStock } from '../reservations/reservation-store.ts'
import { tellListing } from '../vehicles/listing-news.ts'
import { markWithdrawnBy } from '../vehicles/price-store.ts'
import { lockVehicles } from '../vehicles/vehicle-store.ts'
import { findPapers, InvoiceTaken, updateRestrictions, upsertDocuments, upsertInvoice } from './paper-store.ts'

export interface PaperParts {
  readonly vault: Vault
  readonly clock: Clock
  readonly ids: Ids
}

export interface Statement {
  readonly restrictions: Partial<Restrictions>
  readonly invoices: readonly Invoice[]
  readonly documents: Partial<Documents>
}

export async function statePapers(
  tx: Tx,
  send: Send,
  parts: PaperParts,
  id: number,
  { restrictions: news, invoices, documents }: Statement,
  by: Author,
): Promise<void> {
  const now = parts.clock.now()
  const [vehicle] = await lockVehicles(tx, [id])
  if (!vehicle) throw new Problem('vehicle_not_found')
  const before = await findPapers(tx, id)
  await keepInvoices(tx, id, invoices)
  const restrictions = Object.keys(news).length > 0 ? stated(vehicle.restrictions, news) : vehicle.restrictions
  const after = { ...(await findPapers(tx, id)), documents: { ...before.documents, ...documents } }
  const lacking = lackingForRenave(after, restrictions)
  if (lacking.length > 0) throw new Problem('renave_needs_more', { lacking })
  const current = { ...vehicle, restrictions }
  const sold_on = vehicle.sold_at && dayOf(vehicle.sold_at)
  const settled = sold_on !== null && tasksOf(current, after, sold_on, dayOf(now)).length === 0
  await upsertDocuments(tx, id, { documents: after.documents, settled }, authorName(by), now)
  if (restrictions !== null && restrictions !== vehicle.restrictions) await updateRestrictions(tx, id, restrictions)
  const told = differences(
    { ...before.documents, invoices: before.invoices, restrictions: vehicle.restrictions },
    { ...after.documents, invoices: after.invoices, restrictions },
    [...(Object.keys(after.documents) as (keyof Documents)[]), 'invoices', 'restrictions'],
  )
  const about = { about: 'vehicle', about_id: id } as const
  if (told) await writeJournal(tx, parts.vault, [{ by, at: now, act: 'papers_stated', ...about, ...told }])
  if (current.status === 'available' && restrictions?.theft.status === 'found')
    await takeOffSale(tx, send, parts, current, by, now)
}

async function keepInvoices(tx: Tx, id: number, invoices: readonly Invoice[]): Promise<void> {
  // a cancelled note first makes room for the one that replaces it
  const order = invoices.toSorted(
    (one, other) => Number(one.status === 'authorised') - Number(other.status === 'authorised'),
  )
  try {
    for (const invoice of order) await upsertInvoice(tx, id, invoice)
  } catch (error) {
    throw error instanceof InvoiceTaken ? new Problem('invoice_taken') : error
  }
}

async function takeOffSale(tx: Tx, send: Send, parts: PaperParts, vehicle: Unidentified, by: Author, now: Date) {
  const withdrawn = withdraw(vehicle, now)
  if (typeof withdrawn === 'string') throw new Error(`an available vehicle is not withdrawn: ${withdrawn}`)
  updateStock(tx, [withdrawn], now)
  tellListing(send, withdrawn, parts.ids.uuid())
  await markWithdrawnBy(tx, vehicle.id, authorName(by))
  const reason = 'theft found'
  await writeJournal(tx, parts.vault, [
    { by, at: now, act: 'vehicle_withdrawn', about: 'vehicle', about_id: vehicle.id, reason },
  ])
}

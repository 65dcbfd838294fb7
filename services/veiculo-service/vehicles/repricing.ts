/** Changes a vehicle's description and price. The author is recorded; a price cut beyond a limit needs a second person. */
import {
  type Approval,
  type ApprovalKind,
  type Approvals,
  type Author,
  authorName,
  differences,
  expectStill,
  type FindSuspicions,
  writeJournal,
} from '#host'
import type { Send } from '#messaging'
import type { Clock, Ids } from '#platform/clock'
import type { Database, Queryable, Tx } from '#platform/database/database'
import { toReais } from '#platform/money'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import { costsThatCount } from '../costs/cost-store.ts'
import { tellAccount } from '../costs/tell-account.ts'
import { costOfSale, floorForSellers } from '../domain/acquisition.ts'
import { needsSecondPerson } from '../domain/price.ts'
import { amend, type Details, type Vehicle } from '../domain/vehicle.ts'
import { tellListing } from './listing-news.ts'
import { dropsBeforeSales, highestSince, insertPrice, PRICES_COUNT_MS } from './price-store.ts'
import { lockVehicle, updateDetails, type VehicleRow } from './vehicle-store.ts'

export interface RepricingParts {
  readonly vault: Vault
  readonly clock: Clock
  readonly ids: Ids
  readonly approvals: Approvals
  /** Percent that one person alone may take off. */
  readonly discountLimit: number
}

const PAPERS = ['license_plate', 'chassi_number', 'renavam'] as const satisfies readonly (keyof Vehicle)[]
const FACTS = [
  'brand',
  'model',
  'year',
  'color',
  'price_cents',
  'mileage_km',
  'fuel',
  'transmission',
  'description',
  'photos',
  'documentation',
  'model_year',
  'version',
  'body',
  'doors',
  'options',
] as const satisfies readonly (keyof Vehicle)[]

/** Of the person who sets a price: their own limit, if they have one, and whether they may not know what it has cost. */
interface Setter {
  readonly discount_limit?: number | undefined
  readonly is_seller: boolean
}

/** Undefined: this person alone may set this price. */
export async function askForPrice(
  tx: Tx,
  { approvals, clock, discountLimit }: RepricingParts,
  by: Author,
  vehicle: VehicleRow,
  wanted_cents: number,
  { discount_limit = discountLimit, is_seller }: Setter,
): Promise<Approval | undefined> {
  const { id, price_cents: current_cents } = vehicle
  const { highest_cents, cost_cents, floor_cents } = await judgedBy(tx, id, wanted_cents, is_seller, clock.now())
  if (!needsSecondPerson({ current_cents, wanted_cents, highest_cents, discount_limit, floor_cents })) return undefined
  const wish = {
    ...({ kind: 'price', about: 'vehicle', about_id: id } as const),
    request: { price_cents: wanted_cents, highest_cents, discount_limit },
    rests_on: basis(current_cents, cost_cents),
    reason: null,
  }
  return approvals.needsAnother(by) ? approvals.ask(tx, by, wish) : approvals.decideAlone(tx, by, wish)
}

/** What the rule depends on: the present price, and the cost of the vehicle once it is known. */
const basis = (price_cents: number, cost_cents: number | undefined) => ({
  price_cents,
  ...(cost_cents !== undefined && { cost_cents }),
})

/** The facts by which a lower price is judged. */
export async function judgedBy(tx: Queryable, id: number, wanted_cents: number, is_seller: boolean, now: Date) {
  const highest_cents = await highestSince(tx, id, new Date(now.getTime() - PRICES_COUNT_MS))
  const costs = await costsThatCount(tx, id)
  const cost_cents = costOfSale(wanted_cents, costs)
  return { highest_cents, cost_cents, floor_cents: is_seller ? floorForSellers(wanted_cents, costs) : cost_cents }
}

export async function storeAmendment(
  tx: Tx,
  send: Send,
  { vault, clock, ids }: RepricingParts,
  before: VehicleRow,
  amendment: Partial<Details>,
  by: Author,
  approval_id: string | null,
): Promise<VehicleRow> {
  const now = clock.now()
  const amended = amend(before, amendment, now)
  if (amended === 'vehicle_not_editable') throw new Problem(amended)
  tellListing(send, amended, ids.uuid())
  const after = await updateDetails(tx, vault, { ...amended, row_version: before.row_version })
  await tellAccount(tx, send, ids, before.id)
  const isRepriced = after.price_cents !== before.price_cents
  if (isRepriced) insertPrice(tx, after, { author: authorName(by), approval_id }, now)
  const facts = differences(before, after, FACTS)
  const personal = differences(before, after, PAPERS)
  const act = isRepriced ? 'price_changed' : 'vehicle_changed'
  const about = { about: 'vehicle', about_id: before.id } as const
  const told = { ...facts, ...(personal && { personal }), ...(approval_id && { approval_id }) }
  if (facts || personal) await writeJournal(tx, vault, [{ by, at: now, act, ...about, ...told }])
  return after
}

/** A price that one person asked for and another approved. It counts only if price and cost are still what they were when it was asked. */
export const priceKind = (parts: RepricingParts): ApprovalKind => ({
  kind: 'price',
  async carryOut(tx, send, approval) {
    const vehicle = await lockVehicle(tx, parts.vault, Number(approval.about_id))
    if (!vehicle) throw new Problem('vehicle_not_found')
    const amendment = { price_cents: approval.request.price_cents as number }
    const cost_cents = costOfSale(amendment.price_cents, await costsThatCount(tx, vehicle.id))
    expectStill(approval, basis(vehicle.price_cents, cost_cents))
    await storeAmendment(tx, send, parts, vehicle, amendment, approval.asked, approval.id)
  },
})

/** Records a new vehicle's first price. */
export async function recordOffer(tx: Tx, { vault, clock }: RepricingParts, offered: VehicleRow, by: Author) {
  insertPrice(tx, offered, { author: authorName(by), approval_id: null }, clock.now())
  const some = (names: readonly (keyof Vehicle)[]) => Object.fromEntries(names.map((name) => [name, offered[name]]))
  const about = { about: 'vehicle', about_id: offered.id } as const
  const personal = { after: some(PAPERS) }
  await writeJournal(tx, vault, [
    { by, at: clock.now(), act: 'vehicle_offered', ...about, after: some(FACTS), personal },
  ])
}

/** Percent that a price came down within a day before the sale. */
const DROP = 5

export const droppedBeforeSale =
  (database: Database): FindSuspicions =>
  async (since) =>
    (await dropsBeforeSales(database, since, DROP, 200)).map((drop) => ({
      kind: 'price_dropped_before_sale',
      subject: `vehicle ${drop.vehicle_id}`,
      facts: `from ${toReais(drop.before_cents).toFixed(2)} to ${toReais(drop.after_cents).toFixed(2)} by ${drop.author ?? 'nobody on record'}, sold ${drop.sold_at.toISOString()}`,
    }))

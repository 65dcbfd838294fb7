/**
 * The owner's ledger, pure: what happened to vehicles and their purchases, one fact after the other, becomes entries that
 * are never changed. A cost that becomes known after the sale is an entry of its own on that day, and a return is an entry
 * in its own month. So a closed month stays as it was, and a vehicle's entries add up to what it has earned.
 */
import type { Cents } from '#contracts'

/** A vehicle as veiculo-service last told it. */
export interface Account {
  readonly vehicle_id: number
  readonly revision: number
  readonly brand: string
  readonly model: string
  readonly year: number
  readonly status: string
  readonly price_cents: Cents
  /** Days in São Paulo. */
  readonly taken_in_on: string
  readonly acquired_on: string | null
  readonly source: string | null
  /** Null: nobody has said it. */
  readonly cost_cents: Cents | null
  /** Hundredths of a percent of the price, of a consignment. */
  readonly owner_share_basis_points: number
  readonly expenses_cents: number
  readonly sold_by_hand_at: string | null
}

/** The people who sold a vehicle, with shares that add up to 100. */
export type Sellers = readonly { readonly id: string; readonly share: number }[]

export interface Entry {
  /** sellers: what stood with some is entered back, and entered for the others. */
  readonly kind: 'sale' | 'return' | 'cost' | 'failure' | 'sellers'
  readonly at: string
  readonly transaction_id: string | null
  readonly vehicle_id: number | null
  readonly brand: string | null
  readonly seller: string | null
  /** Absent: the whole sale is credited to `seller`. */
  readonly sellers?: Sellers | undefined
  readonly payment_type: string | null
  readonly reason: string | null
  /** Below zero for a return, like the amounts that follow. */
  readonly count: number
  readonly revenue_cents: number
  readonly discount_cents: number
  readonly cost_cents: number
  /** What is left, of sales whose cost is known. */
  readonly margin_cents: number
  /** Sales whose cost nobody has said: one more, or one less once somebody says it. */
  readonly uncosted: number
  readonly days_in_stock: number | null
  /** When what it concerns was sold: for the view by month of sale. */
  readonly sold_at: string | null
}

/** The sale that a vehicle is gone by, and what of its cost is entered already. */
interface Sold {
  readonly entry: Entry
  /** Null: nobody has said it. */
  readonly carried_cents: number | null
}

export interface Known {
  readonly account: Account | null
  readonly sold: Sold | null
}

/** The day in São Paulo of a moment. */
export type DayOf = (at: string) => string

export interface Step {
  readonly known: Known
  readonly entries: readonly Entry[]
}

const DAY_MS = 86_400_000

/** What the vehicle cost altogether when it went for this much; null while nobody has said it. */
export function costOf(account: Account | null, amount_cents: Cents): number | null {
  if (account?.cost_cents == null) return null
  const payout = Math.floor((amount_cents * account.owner_share_basis_points) / 10_000)
  return account.cost_cents + payout + account.expenses_cents
}

/** An account that was told before one that is known changes nothing. */
export function learn(known: Known, account: Account, at: string, day: DayOf): Step {
  if (known.account && known.account.revision >= account.revision) return { known, entries: [] }
  if (account.sold_by_hand_at && known.sold === null)
    return sellByHand({ ...known, account }, account.sold_by_hand_at, day)
  if (known.sold === null) return { known: { ...known, account }, entries: [] }
  // a sale by hand that an admin has corrected: it never was
  if (known.sold.entry.transaction_id === null && !account.sold_by_hand_at) return giveBack({ ...known, account }, at)
  const { entry, carried_cents } = known.sold
  const total = costOf(account, entry.revenue_cents)
  if (total === null || total === carried_cents) return { known: { ...known, account }, entries: [] }
  const more = total - (carried_cents ?? 0)
  const nothing = { count: 0, revenue_cents: 0, discount_cents: 0, days_in_stock: null }
  const news =
    carried_cents === null
      ? { margin_cents: entry.revenue_cents - total, uncosted: -1 }
      : { margin_cents: -more, uncosted: 0 }
  const correction: Entry = { ...entry, ...nothing, ...news, kind: 'cost', at, cost_cents: more }
  const sold = { entry, carried_cents: total }
  return { known: { account, sold }, entries: [correction] }
}

export interface Sale {
  readonly transaction_id: string | null
  readonly vehicle_id: number
  readonly amount_cents: Cents
  readonly payment_type: string
  readonly seller: string
  readonly sellers?: Sellers | undefined
}

export function sell(known: Known, sale: Sale, at: string, day: DayOf): Step {
  if (known.sold) return { known, entries: [] }
  const { account } = known
  const cost = costOf(account, sale.amount_cents)
  const since = account && (account.acquired_on ?? account.taken_in_on)
  const entry: Entry = {
    ...{ kind: 'sale', at, sold_at: at, reason: null, brand: account?.brand ?? null },
    ...{ transaction_id: sale.transaction_id, vehicle_id: sale.vehicle_id },
    ...{ seller: sale.seller, sellers: sale.sellers, payment_type: sale.payment_type, count: 1 },
    revenue_cents: sale.amount_cents,
    discount_cents: Math.max(0, (account?.price_cents ?? 0) - sale.amount_cents),
    cost_cents: cost ?? 0,
    margin_cents: cost === null ? 0 : sale.amount_cents - cost,
    uncosted: cost === null ? 1 : 0,
    days_in_stock: since === null ? null : daysBetween(since, day(at)),
  }
  return { known: { account, sold: { entry, carried_cents: cost } }, entries: [entry] }
}

function sellByHand(known: Known, at: string, day: DayOf): Step {
  const { account } = known
  if (!account) return { known, entries: [] }
  const { vehicle_id, price_cents: amount_cents } = account
  const sale = { transaction_id: null, vehicle_id, amount_cents, payment_type: 'by_hand', seller: 'by_hand' }
  return sell(known, sale, at, day)
}

/** Takes back all that was entered for the sale, on the day of the return. */
export function giveBack(known: Known, at: string): Step {
  if (!known.sold) return { known, entries: [] }
  const back: Entry = { ...takenBack(known.sold), kind: 'return', at }
  return { known: { ...known, sold: null }, entries: [back] }
}

/** Other people have sold it: all that was entered goes from some to the others, on the day of the sale, whose month is open. */
export function resell(known: Known, sellers: Sellers): Step {
  if (!known.sold) return { known, entries: [] }
  const { entry, carried_cents } = known.sold
  const { days_in_stock, ...sold } = { ...entry, sellers }
  const back = takenBack(known.sold)
  const again: Entry = {
    ...{ ...sold, days_in_stock: null, count: 1 },
    ...{ revenue_cents: -back.revenue_cents, discount_cents: -back.discount_cents, cost_cents: -back.cost_cents },
    ...{ margin_cents: -back.margin_cents, uncosted: -back.uncosted },
  }
  const entries: Entry[] = [back, again].map((one) => ({ ...one, kind: 'sellers' }))
  return { known: { ...known, sold: { entry: { ...sold, days_in_stock }, carried_cents } }, entries }
}

const takenBack = ({ entry, carried_cents }: Sold): Entry => ({
  ...entry,
  ...{ count: -1, days_in_stock: null },
  revenue_cents: -entry.revenue_cents,
  discount_cents: -entry.discount_cents,
  cost_cents: -(carried_cents ?? 0),
  margin_cents: carried_cents === null ? 0 : carried_cents - entry.revenue_cents,
  uncosted: carried_cents === null ? -1 : 0,
})

const daysBetween = (from: string, to: string): number =>
  Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS))

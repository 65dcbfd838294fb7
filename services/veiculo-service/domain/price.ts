/** How far one person alone may lower a price. */
import type { Cents } from '#contracts'

export interface PriceChange {
  readonly current_cents: Cents
  readonly wanted_cents: Cents
  /** The highest price of the last 30 days. */
  readonly highest_cents: Cents
  /** The percentage that this person may take off alone. */
  readonly discount_limit: number
  /** What nobody goes below alone: the vehicle's cost with all expenses, once it is known; for sellers a little more. */
  readonly floor_cents?: Cents | undefined
}

/** Measured from the highest price, not the last, so that small cuts day by day count together. A higher price needs no approval. */
export function needsSecondPerson(change: PriceChange): boolean {
  const { current_cents, wanted_cents, highest_cents, discount_limit, floor_cents = 0 } = change
  if (wanted_cents === current_cents) return false
  if (wanted_cents < floor_cents) return true
  return wanted_cents < current_cents && wanted_cents * 100 < highest_cents * (100 - discount_limit)
}

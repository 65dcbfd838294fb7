/** A vehicle's costs: how it was acquired, what was spent on it since, and what is left of its price. */
import type { Cents } from '#contracts'

export const SOURCES = ['purchase', 'trade_in', 'consignment', 'return'] as const
type Source = (typeof SOURCES)[number]

export interface Acquisition {
  /** A day in São Paulo, as `2026-11-29`. */
  readonly acquired_at: string
  readonly cost_cents: Cents
  readonly source: Source
  /** For a consignment: the owner, who is a customer here, so that their data lies in one place. */
  readonly owner_customer_id: number | null
  /** The owner's share of the price, in percent. */
  readonly owner_share_percent: number | null
}

export interface Expense {
  readonly id: number
  readonly what: string
  /** Below zero: corrects an earlier expense. */
  readonly amount_cents: number
  readonly spent_on: string
  readonly author: string
  readonly at: Date
}

export interface Costs {
  readonly acquisition: Acquisition | null
  readonly expenses_cents: number
}

/** The owner's part of a consigned vehicle's price, rounded down to the cent. */
export const payoutOf = (price_cents: Cents, { owner_share_percent }: Acquisition): Cents =>
  owner_share_percent === null ? 0 : Math.floor((price_cents * Math.round(owner_share_percent * 100)) / 10_000)

/**
 * Undefined: nobody has entered what was paid. A consigned vehicle costs what its owner gets, and nothing before the sale.
 */
export const costOfSale = (price_cents: Cents, { acquisition, expenses_cents }: Costs): Cents | undefined =>
  acquisition === null ? undefined : acquisition.cost_cents + payoutOf(price_cents, acquisition) + expenses_cents

/** Twelve steps double a sum, so that a step is 6 % of it. */
const STEPS_PER_DOUBLING = 12
const SHARE_STEP = 5

/**
 * What a seller alone does not go below. The cost would be told by where approvals begin, however they are worded, to whoever tries
 * price after price. So for sellers they begin at the next of fixed steps above it, which tells as much as the step.
 */
export function floorForSellers(price_cents: Cents, { acquisition, expenses_cents }: Costs): Cents | undefined {
  if (acquisition === null) return undefined
  const { cost_cents, owner_share_percent } = acquisition
  const share = owner_share_percent === null ? null : Math.ceil(owner_share_percent / SHARE_STEP) * SHARE_STEP
  return stepAbove(cost_cents + expenses_cents) + payoutOf(price_cents, { ...acquisition, owner_share_percent: share })
}

function stepAbove(cents: Cents): Cents {
  if (cents <= 1) return cents
  const step = Math.ceil(Math.log2(cents) * STEPS_PER_DOUBLING)
  return Math.max(cents, Math.round(2 ** (step / STEPS_PER_DOUBLING)))
}

interface Told {
  readonly acquired_at?: string | undefined
  readonly acquisition_cost?: number | undefined
  readonly source?: Source | undefined
  readonly owner_customer_id?: number | undefined
  readonly owner_share?: number | undefined
}

/** The fields that are missing, and those that do not belong there. */
export function misfitsOf(told: Told, today: string): { path: string; message: string }[] {
  const missing = (['acquired_at', 'acquisition_cost', 'source'] as const).filter((field) => told[field] === undefined)
  const isConsigned = told.source === 'consignment'
  const ofOwner = (['owner_customer_id', 'owner_share'] as const).filter(
    (field) => (told[field] !== undefined) !== isConsigned,
  )
  return [
    ...missing.map((field) => ({ path: `/${field}`, message: 'is needed beside the others' })),
    ...ofOwner.map((field) => ({
      path: `/${field}`,
      message: isConsigned ? 'is needed of a consignment' : 'is of a consignment alone',
    })),
    ...(told.acquired_at !== undefined && told.acquired_at > today
      ? [{ path: '/acquired_at', message: 'must not be in the future' }]
      : []),
  ]
}

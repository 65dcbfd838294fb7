/** The till at the end of a day: what should be in it, beside what was counted. Days are those of São Paulo. */
import type { Cents } from '#contracts'

/** São Paulo has been three hours behind UTC all year since 2019. */
const BEHIND_UTC_MS = 3 * 3_600_000

export const dayOf = (at: Date): string => new Date(at.getTime() - BEHIND_UTC_MS).toISOString().slice(0, 10)

/** The first moment of the month after `2026-11`. */
export function endOfMonth(month: string): Date {
  const [year = 0, number = 0] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number, 1) + BEHIND_UTC_MS)
}

export interface Entry {
  readonly method: string
  readonly amount_cents: number
}

/** The sum of each method: money in, less money out. */
export function totalsOf(entries: readonly Entry[]): Record<string, number> {
  const totals: Record<string, number> = {}
  for (const { method, amount_cents } of entries) totals[method] = (totals[method] ?? 0) + amount_cents
  return totals
}

interface Count {
  /** What was left in the till by the closing before. */
  readonly opening_cents: Cents
  /** What was taken out of it during the day. */
  readonly withdrawn_cents: Cents
  readonly counted_cents: Cents
  readonly float_cents: Cents
  readonly reason: string | null
}

/** What should be in the till, or why the count can't be taken. */
export function expectedOf(
  totals: Readonly<Record<string, number>>,
  { opening_cents, withdrawn_cents, counted_cents, float_cents, reason }: Count,
): number | 'float_above_counted' | 'difference_unexplained' {
  if (float_cents > counted_cents) return 'float_above_counted'
  const expected = opening_cents + (totals.banknotes ?? 0) - withdrawn_cents
  return counted_cents === expected || reason !== null ? expected : 'difference_unexplained'
}

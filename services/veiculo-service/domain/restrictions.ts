/**
 * What Lei 13.111/2015 has a seller tell before the sale: theft, fines and fees, taxes, lien, other restrictions. `unknown` is
 * no `clear`: it keeps a vehicle off sale until somebody has looked, and so does a theft that was found. The others are sold
 * with, as long as the buyer is told.
 */
export const RESTRICTIONS = ['theft', 'fines', 'taxes', 'lien', 'other'] as const
type Restriction = (typeof RESTRICTIONS)[number]

export const FINDINGS = ['clear', 'found', 'unknown'] as const

export interface Finding {
  readonly status: (typeof FINDINGS)[number]
  /** Where it was looked up. */
  readonly source: string | null
  /** The day it was looked up, as `2026-11-29`. */
  readonly checked_on: string | null
  readonly note: string | null
}

export type Restrictions = Readonly<Record<Restriction, Finding>>

const UNKNOWN: Finding = { status: 'unknown', source: null, checked_on: null, note: null }

export const NOTHING_KNOWN = Object.fromEntries(RESTRICTIONS.map((name) => [name, UNKNOWN])) as Restrictions

/** What of it keeps the vehicle off sale. Nothing stated at all does not: then nobody has begun to look. */
export const blockedBy = (restrictions: Restrictions | null): Restriction[] =>
  restrictions === null
    ? []
    : RESTRICTIONS.filter((name) => {
        const { status } = restrictions[name]
        return status === 'unknown' || (name === 'theft' && status === 'found')
      })

/** What is stated anew, over what was; of what nobody has stated, nothing is known. */
export const stated = (before: Restrictions | null, news: Partial<Restrictions>): Restrictions => ({
  ...(before ?? NOTHING_KNOWN),
  ...news,
})

/**
 * The facts that a seller must tell before the sale (Lei 13.111/2015): theft, fines and fees, taxes, lien, other
 * restrictions. `unknown` is not `clear`: it keeps a vehicle off sale until somebody has looked, and so does a theft that
 * was found. A vehicle with any other restriction may be sold, as long as the buyer is told.
 */
export const RESTRICTIONS = ['theft', 'fines', 'taxes', 'lien', 'other'] as const
type Restriction = (typeof RESTRICTIONS)[number]

export const FINDINGS = ['clear', 'found', 'unknown'] as const

export interface Finding {
  readonly status: (typeof FINDINGS)[number]
  /** The place where it was looked up. */
  readonly source: string | null
  /** The day it was looked up, as `2026-11-29`. */
  readonly checked_on: string | null
  readonly note: string | null
}

export type Restrictions = Readonly<Record<Restriction, Finding>>

const UNKNOWN: Finding = { status: 'unknown', source: null, checked_on: null, note: null }

export const NOTHING_KNOWN = Object.fromEntries(RESTRICTIONS.map((name) => [name, UNKNOWN])) as Restrictions

/** The restrictions that keep the vehicle off sale. Null keeps nothing off sale: nobody has begun to look. */
export const blockedBy = (restrictions: Restrictions | null): Restriction[] =>
  restrictions === null
    ? []
    : RESTRICTIONS.filter((name) => {
        const { status } = restrictions[name]
        return status === 'unknown' || (name === 'theft' && status === 'found')
      })

/** The news over the previous statement. A field that nobody has stated is `unknown`. */
export const stated = (before: Restrictions | null, news: Partial<Restrictions>): Restrictions => ({
  ...(before ?? NOTHING_KNOWN),
  ...news,
})

/**
 * Whether heads of a chain were kept as they should have been: by every start, and every hour while it moves. Somebody who cuts a
 * chain off and removes the heads that tell of it leaves a time without heads. Pure.
 */

/** An hour, and what a busy machine may be late. */
const KEPT_WITHIN_MS = 3 * 3_600_000

export interface KeptHead {
  readonly id: number
}

/** Entries that no head has covered yet. */
interface Unkept {
  readonly first: number
  readonly last: number
  readonly from_ms: number
  readonly to_ms: number
  readonly pause_ms: number
}

export interface Heads {
  readonly kept: ReadonlySet<number>
  readonly unkept: Unkept | undefined
}

export const headsOf = (kept: readonly KeptHead[]): Heads => ({
  kept: new Set(kept.map(({ id }) => id)),
  unkept: undefined,
})

/** The heads after the next entry, or what is wrong. */
export function entryUnder(heads: Heads, { id, at }: { readonly id: number; readonly at: string }): Heads | string {
  const at_ms = Date.parse(at)
  const before = heads.unkept ?? { first: id, last: id, from_ms: at_ms, to_ms: at_ms, pause_ms: 0 }
  const pause_ms = Math.max(before.pause_ms, at_ms - before.to_ms)
  const unkept = { ...before, last: id, to_ms: at_ms, pause_ms }
  // while the service does not run no head is kept, and the next start keeps one: so the longest pause between two heads does not count
  if (unkept.to_ms - unkept.from_ms - pause_ms > KEPT_WITHIN_MS) return fault(unkept)
  return { ...heads, unkept: heads.kept.has(id) ? undefined : unkept }
}

/** What is wrong at the end of a chain whose service runs now; undefined when nothing is. */
export const endUnder = ({ unkept }: Heads, now: Date): string | undefined =>
  unkept !== undefined && now.getTime() - unkept.to_ms > KEPT_WITHIN_MS ? fault(unkept) : undefined

const fault = ({ first, last, from_ms, to_ms }: Unkept) =>
  `no head was kept of entries ${first} to ${last}, of ${new Date(from_ms).toISOString()} to ${new Date(to_ms).toISOString()}: heads were removed, or none was kept then`

/** Prices over time as steps of a chart: where each begins and ends, its height, and which have room for a label. Pure. */

export interface Offered {
  readonly price: number
  readonly at: string
}

interface Step extends Offered {
  /** Percent of the width. */
  readonly from: number
  readonly to: number
  /** Height between 0 (the ground) and 1, and the height of the step before. */
  readonly level: number
  readonly before?: number
  /** Where its label has room; the latest price always has a label. */
  readonly told: 'where it begins' | 'at the end' | 'in the table'
}

/** Percent of the width that a label needs on a phone. */
const ROOM = 27
/** The height of the lowest price. It lies above the ground, because the ground is not a price of zero. */
const LOWEST = 0.25

/** `prices`: the latest first. */
export function stairOf(prices: readonly Offered[], now: number): readonly Step[] {
  const all = [...prices].reverse()
  const begin = Date.parse(all[0]?.at ?? '')
  const span = Math.max(1, now - begin)
  const values = all.map(({ price }) => price)
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const level = (price: number) => (high === low ? 1 : LOWEST + ((price - low) / (high - low)) * (1 - LOWEST))
  const place = (at: string) => ((Date.parse(at) - begin) / span) * 100
  const starts = all.map(({ at }) => place(at))
  const last = all.length - 1
  const reserved = Math.min(starts[last] ?? 0, 100 - ROOM)
  let free = 0
  return all.map((one, index) => {
    const from = starts[index] ?? 0
    const before = all[index - 1]
    const fits = from >= free && from + ROOM <= reserved
    if (fits) free = from + ROOM
    const isNear = index === last && from > reserved
    return {
      ...one,
      from,
      to: starts[index + 1] ?? 100,
      level: level(one.price),
      ...(before && { before: level(before.price) }),
      told: isNear ? 'at the end' : index === last || fits ? 'where it begins' : 'in the table',
    }
  })
}

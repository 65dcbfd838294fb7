/** The photos of a vehicle in another order. Pure. */

/** One place towards the front (-1) or the end (1); one that is at the end already stays. */
export function moved(order: readonly number[], id: number, by: -1 | 1): readonly number[] {
  const from = order.indexOf(id)
  const to = from + by
  return from < 0 || to < 0 || to >= order.length ? order : placed(order, id, to)
}

/** Taken out, and put where another stands. */
export function placed(order: readonly number[], id: number, to: number): readonly number[] {
  const others = order.filter((one) => one !== id)
  return [...others.slice(0, to), id, ...others.slice(to)]
}

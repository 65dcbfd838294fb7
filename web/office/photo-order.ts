/** Changes the order of a vehicle's photos. Pure. */

/** Moves a photo by one place, to the front (-1) or to the end (1). A photo that is there already stays. */
export function moved(order: readonly number[], id: number, by: -1 | 1): readonly number[] {
  const from = order.indexOf(id)
  const to = from + by
  return from < 0 || to < 0 || to >= order.length ? order : placed(order, id, to)
}

/** Moves a photo to the place of another. */
export function placed(order: readonly number[], id: number, to: number): readonly number[] {
  const others = order.filter((one) => one !== id)
  return [...others.slice(0, to), id, ...others.slice(to)]
}

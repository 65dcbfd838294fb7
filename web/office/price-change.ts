/** What somebody types to change prices: a new price, or how much it moves. Pure. */
import { amountTyped } from '#platform/typed-numbers'

const PERCENT = /^([+-])\s*(.+?)\s*%$/
const BY = /^([+-])\s*(.+)$/

/**
 * `88.900` is the price, `-1.000` takes off, `+2 %` adds; a percentage ends in whole reais. Undefined: no price above zero
 * comes of it.
 */
export function priceAfter(text: string, before: number): number | undefined {
  const typed = text.trim().replace('−', '-')
  const [, percentSign, percent = ''] = PERCENT.exec(typed) ?? []
  if (percentSign)
    return positive(moved(percentSign, amountTyped(percent), (part) => Math.round((before * part) / 100)))
  const [, sign, amount = ''] = BY.exec(typed) ?? []
  if (sign) return positive(moved(sign, amountTyped(amount), (by) => by))
  return positive(amountTyped(typed))

  function moved(way: string, read: number | undefined, size: (read: number) => number): number | undefined {
    if (read === undefined || read < 0) return undefined
    const cents = Math.round(before * 100) + (way === '-' ? -1 : 1) * Math.round(size(read) * 100)
    return cents / 100
  }
}

const positive = (price: number | undefined) => (price !== undefined && price > 0 ? price : undefined)

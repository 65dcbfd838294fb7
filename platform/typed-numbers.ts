/**
 * Numbers as people in Brazil type them into forms and spreadsheets: `45.990,90`, `R$ 45.990`, `45990.9`. A dot before three digits
 * groups them; a dot or comma before one or two begins the cents. Anything else is refused: a guess could be a hundred times the price.
 */
import { numberTyped } from './decimals.ts'

const GROUPED = /^-?\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?$/
const PLAIN = /^-?\d+(?:[.,]\d{1,2})?$/

/** An amount with at most two decimals. */
export function amountTyped(text: string): number | undefined {
  const bare = text
    .trim()
    .replace('−', '-')
    .replace(/^(-?)\s*R\$\s*/, '$1')
  const isGrouped = GROUPED.test(bare)
  if (!isGrouped && !PLAIN.test(bare)) return undefined
  const ungrouped = isGrouped ? bare.replaceAll('.', '') : bare
  return numberTyped(ungrouped.replace(',', '.').replace(/^(-?)0+(?=\d)/, '$1'))
}

/** A whole number from 0, such as kilometres; its unit may follow it. */
export function wholeTyped(text: string): number | undefined {
  const number = amountTyped(text.replace(/\s*km$/i, ''))
  return number !== undefined && number >= 0 && Number.isSafeInteger(number) ? number : undefined
}

/** An id in an address: each id has only one spelling. Anything else gives 0, which no record has. */
export const idTyped = (text: string | null | undefined): number =>
  /^[1-9]\d{0,14}$/.test(text ?? '') ? Number(text) : 0

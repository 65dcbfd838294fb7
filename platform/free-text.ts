/** People type anything into a field for reasons, even a customer's CPF. Such text is kept without identifiers. */

const REMOVED = '[…]'

/** E-mail addresses, chassis, plates, alphanumeric documents, and numbers of seven digits or more, however they are broken up. */
const IDENTIFIERS = [
  /[\w.%+-]+@[\w-]+(\.[\w-]+)+/g,
  /\b[A-HJ-NPR-Z0-9]{17}\b/gi,
  /\b[A-Z]{3}[-\s]?\d[A-Z0-9]\d{2}\b/gi,
  /(?<![\w-])[A-Z0-9]{2}\.?[A-Z0-9]{3}\.?[A-Z0-9]{3}\/?[A-Z0-9]{4}-?\d{2}(?![\w-])/gi,
  // not within a word or a UUID, because a reason may name a purchase
  /(?<![\w-])\+?\(?\d(?:[\s().\-/]{0,2}\d){6,}(?![\w-])/g,
]

/** A name cannot be told from other words, so people are told not to type names (docs/personal-data.md). */
export const withoutIdentifiers = (text: string): string =>
  IDENTIFIERS.reduce((cleaned, pattern) => cleaned.replace(pattern, REMOVED), text)

/** Tables for spreadsheets (RFC 4180). A text that a spreadsheet would run as a formula is made harmless. */

export type Cell = string | number | null

const FORMULA = /^[=+\-@\t\r]/
const QUOTED = /[",\r\n]/

/** Begins with a byte order mark, by which spreadsheets know UTF-8. */
export const csvOf = (header: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  `\ufeff${[header, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`

/** A number is a number, also below zero. */
function cell(content: Cell): string {
  if (content === null) return ''
  if (typeof content === 'number') return String(content)
  const harmless = FORMULA.test(content) ? `'${content}` : content
  return QUOTED.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

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

export interface Row {
  /** In the file, from 1: where its first cell stands. */
  readonly line: number
  readonly cells: readonly string[]
  /** Whether a quotation mark in it is never closed, so that the rest of the file was taken for one cell. */
  readonly isOpen?: true
}

/** As spreadsheets write them: separated by commas or, as in Brazil, by semicolons, whichever the first line has more of. Blank lines are none. */
export function rowsIn(text: string): Row[] {
  const content = text.replace(/^\ufeff/, '')
  const [head = ''] = content.split(/\r?\n/, 1)
  const separator = head.split(';').length > head.split(',').length ? ';' : ','
  const rows: Row[] = []
  let cells: string[] = []
  let cell = ''
  let isQuoted = false
  let line = 1
  let first = 1
  const endCell = () => {
    cells.push(cell.trim())
    cell = ''
  }
  const endRow = () => {
    endCell()
    if (cells.some((one) => one !== '')) rows.push({ line: first, cells, ...(isQuoted && { isOpen: true }) })
    cells = []
  }
  for (let at = 0; at < content.length; at += 1) {
    const sign = content[at]
    if (sign === '\n') line += 1
    if (isQuoted) {
      if (sign !== '"') cell += sign
      else if (content[at + 1] === '"') {
        cell += '"'
        at += 1
      } else isQuoted = false
    } else if (sign === '"' && cell.trim() === '') {
      isQuoted = true
      cell = ''
    } else if (sign === separator) endCell()
    else if (sign === '\n') {
      endRow()
      first = line
    } else if (sign !== '\r') cell += sign
  }
  endRow()
  return rows
}

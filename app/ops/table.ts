/** Tables and figures for a person at a terminal. */

/** Columns are as wide as their widest cell; the last one is cut to the rest of `width`. */
export function table(rows: readonly Readonly<Record<string, string | number>>[], width = 160): string {
  const [first] = rows
  if (!first) return ''
  const names = Object.keys(first)
  const lines = [names.map((name) => name.toUpperCase()), ...rows.map((row) => names.map((name) => flat(row[name])))]
  const widths = names.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)))
  return lines
    .map((cells) => {
      const line = cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()
      return line.length > width ? `${line.slice(0, width - 1)}…` : line
    })
    .join('\n')
}

const flat = (cell: string | number | undefined) => String(cell ?? '').replace(/\s+/g, ' ')

/** `3 d`, `2 h 5 min`, `40 s`. */
export function ago(from: string, to: Date): string {
  const seconds = Math.max(Math.floor((to.getTime() - new Date(from).getTime()) / 1_000), 0)
  const [minutes, hours] = [Math.floor(seconds / 60), Math.floor(seconds / 3_600)]
  if (hours >= 48) return `${Math.floor(hours / 24)} d`
  if (hours > 0) return `${hours} h ${minutes % 60} min`
  return minutes > 0 ? `${minutes} min` : `${seconds} s`
}

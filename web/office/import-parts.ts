/** Cuts a file of vehicles into parts, so that the page can show progress. Each part repeats the names of the columns. Pure. */

interface ImportPart {
  readonly text: string
  /** The line of the file that the part begins at, from 1. */
  readonly firstLine: number
  /** How many lines it has, without the names of the columns. */
  readonly lines: number
}

/** A part never ends within quotes, because such a cell goes on in the next line. */
export function partsOf(text: string, linesAtOnce: number): readonly ImportPart[] {
  const [head = '', ...lines] = text.replace(/^\ufeff/, '').split(/\r?\n/)
  const parts: ImportPart[] = []
  let held: string[] = []
  let isQuoted = false
  const end = (next: number) => {
    if (held.some((line) => line.trim() !== ''))
      parts.push({ text: [head, ...held].join('\n'), firstLine: next - held.length, lines: held.length })
    held = []
  }
  for (const [index, line] of lines.entries()) {
    held.push(line)
    if ((line.split('"').length - 1) % 2 === 1) isQuoted = !isQuoted
    if (held.length >= linesAtOnce && !isQuoted) end(index + 3)
  }
  end(lines.length + 2)
  return parts
}

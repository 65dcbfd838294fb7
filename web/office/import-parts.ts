/** A file of vehicles in parts, so that it is seen how far it has come; each part has the names of the columns again. Pure. */

interface ImportPart {
  readonly text: string
  /** In the file, from 1. */
  readonly firstLine: number
  /** That are no names of columns. */
  readonly lines: number
}

/** A line that ends within quotes goes on in the next: a part never ends there. */
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

/**
 * Which tables this process has written to, so that what was read from them may be remembered until then. A transaction counts
 * at its end, whatever the end was: one whose answer was lost may have been committed. What triggers write is not noticed.
 */
const WRITTEN = /\b(?:insert into|update|delete from|truncate(?: table)?)\s+(?:only\s+)?([a-z_]+)/gi

export interface Changes {
  /** How many statements that write to the table have ended. */
  of(table: string): number
  ended(texts: readonly string[]): void
}

export function changes(): Changes {
  const counted = new Map<string, number>()
  const known = new Map<string, readonly string[]>()

  function tablesOf(text: string): readonly string[] {
    let tables = known.get(text)
    if (!tables) {
      tables = [...text.matchAll(WRITTEN)].map(([, table]) => (table ?? '').toLowerCase())
      known.set(text, tables)
    }
    return tables
  }

  return {
    of: (table) => counted.get(table) ?? 0,
    ended(texts) {
      for (const text of texts) for (const table of tablesOf(text)) counted.set(table, (counted.get(table) ?? 0) + 1)
    },
  }
}

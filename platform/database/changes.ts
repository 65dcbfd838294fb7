/**
 * Counts the writes of this process to each table, so that answers read from a table can be remembered until the next write. A
 * transaction counts when it ends, even if it failed: if its answer was lost, it may have been committed. Writes by triggers are not
 * noticed.
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

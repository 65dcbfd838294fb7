/**
 * A restored backup must not bring erased people back. A signed list of erasures lies outside the databases, where no backup
 * returns it to an older state. Every start compares it with the database, and erases again the people whom a restored
 * database still knows.
 */
import { lineStore } from '#platform/line-store'
import { type SignedLines, signedLines } from '#platform/signed-lines'
import type { Vault } from '#platform/vault/vault'
import { type ErasureParts, erase } from './erasure.ts'
import { markListed, markUnlisted, stillKnown, unlisted } from './erasure-list-store.ts'

/** Only a person's number. The time of registration tells them from another person who gets that number after a restore. */
interface Erased {
  readonly customer_id: number
  readonly registered_at: string
  readonly erased_at: string
}

export type ErasureList = SignedLines<Erased>

export const erasureListOf = (config: Parameters<typeof lineStore>[0], vault: Vault): ErasureList =>
  signedLines(lineStore(config, 'erasures'), 'erasures', vault)

/** Adds missing erasures to the list; returns how many. After an interruption some may be on it twice, which does no harm. */
export async function listErased(parts: ErasureParts, list: ErasureList, limit = 100): Promise<number> {
  const rows = await unlisted(parts.database, limit)
  await list.add(
    rows.map(({ customer_id, registered_at, requested_at }) => ({
      customer_id,
      registered_at: registered_at.toISOString(),
      erased_at: requested_at.toISOString(),
    })),
  )
  await markListed(
    parts.database,
    rows.map(({ customer_id }) => customer_id),
    parts.clock.now(),
  )
  return rows.length
}

/**
 * Erases people whom the list names and the database still knows; returns how many. Lines without our signature are ignored. Who is
 * missing from a list that was cut off, or replaced by an older copy, is put on it again.
 */
export async function eraseListed(
  parts: ErasureParts,
  list: ErasureList,
  onMissing: (people: number) => void,
): Promise<number> {
  const { lines } = await list.read()
  const missing = await markUnlisted(parts.database, lines)
  if (missing > 0) onMissing(missing)
  const known = await stillKnown(parts.database, lines)
  for (const customer_id of known) await erase(parts, customer_id, 'restore')
  return known.length
}

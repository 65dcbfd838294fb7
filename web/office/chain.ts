/** Checks the chains that each service keeps of readings and of acts, hash by hash, as the API describes them. */
import { createHash } from 'node:crypto'

/** An entry. Its last field is the hash of all the others, in their order. */
export interface Entry {
  readonly id: number
  readonly previous_hash: string
  readonly hash: string
}

export interface Head {
  readonly id: number
  readonly hash: string
}

export const START: Head = { id: 0, hash: '0'.repeat(64) }

export type Break = { readonly at: number; readonly reason: 'missing' | 'not_linked' | 'altered' }

/** The head of the chain after these entries, or the entry at which it is broken. */
export function follow(after: Head, entries: readonly Entry[]): Head | Break {
  let last = after
  for (const entry of entries) {
    if (entry.id !== last.id + 1) return { at: last.id + 1, reason: 'missing' }
    if (entry.previous_hash !== last.hash) return { at: entry.id, reason: 'not_linked' }
    if (entry.hash !== hashOf(entry)) return { at: entry.id, reason: 'altered' }
    last = entry
  }
  return { id: last.id, hash: last.hash }
}

export function hashOf({ hash: _hash, ...said }: Entry): string {
  return createHash('sha256')
    .update(JSON.stringify(Object.values(said)))
    .digest('hex')
}

/**
 * A chain of entries, pure: how an entry is hashed, and how a chain is checked. A person who changes, removes or inserts an
 * entry must compute every later hash anew, and then the chain no longer ends in the hash that was kept elsewhere.
 */
import { createHash } from 'node:crypto'

type Placed<What> = What & {
  /** Its place in the chain, from 1. */
  readonly id: number
  readonly previous_hash: string
}

export type Linked<What> = Placed<What> & { readonly hash: string }

/** The last link of a chain: what is worth keeping elsewhere. */
export interface Link {
  readonly id: number
  readonly hash: string
}

/** Before the first entry. */
export const START: Link = { id: 0, hash: '0'.repeat(64) }

interface Break {
  readonly id: number
  readonly reason: 'missing' | 'altered' | 'not_linked'
}

export interface Chain<What> {
  linked(what: What, last: Link): Linked<What>
  hashOf(entry: Placed<What>): string
  /** Follows the chain from `after` on; returns its last link, or the place where it is broken. */
  follow(after: Link, entries: readonly Linked<What>[]): Link | Break
}

/** Hashes are SHA-256 of the JSON list of the place, what the entry `says` in that order, and the hash before. Times are in UTC with milliseconds. */
export function chainOf<What>(says: (what: What) => readonly unknown[]): Chain<What> {
  const hashOf = (entry: Placed<What>): string => {
    const canonical = JSON.stringify([entry.id, ...says(entry), entry.previous_hash])
    return createHash('sha256').update(canonical).digest('hex')
  }
  return {
    hashOf,
    linked(what, last) {
      const entry = { ...what, id: last.id + 1, previous_hash: last.hash }
      return { ...entry, hash: hashOf(entry) }
    },
    follow(after, entries) {
      let last = after
      for (const entry of entries) {
        if (entry.id !== last.id + 1) return { id: last.id + 1, reason: 'missing' }
        if (entry.previous_hash !== last.hash) return { id: entry.id, reason: 'not_linked' }
        if (entry.hash !== hashOf(entry)) return { id: entry.id, reason: 'altered' }
        last = entry
      }
      return { id: last.id, hash: last.hash }
    },
  }
}

/**
 * The chain of the access log, pure: what an entry's hash is taken over, and how a chain is checked. Whoever changes,
 * removes or slips in an entry must compute every later hash anew, and then the chain no longer ends in the hash that was
 * kept elsewhere.
 */
import { createHash } from 'node:crypto'

export interface Access {
  readonly at: Date
  /** Who: as their token names them. */
  readonly subject: string
  readonly role: string
  /** Whose data: a customer's, or what identifies a vehicle. */
  readonly about: 'customer' | 'vehicle'
  readonly about_id: number
  readonly fields: readonly string[]
  /** Why; those who work here must say. */
  readonly reason: string | null
}

export interface AccessEntry extends Access {
  /** Its place in the chain, from 1. */
  readonly id: number
  readonly previous_hash: string
  readonly hash: string
}

/** The last link of a chain: what is worth keeping elsewhere. */
export interface Link {
  readonly id: number
  readonly hash: string
}

/** Before the first entry. */
export const START: Link = { id: 0, hash: '0'.repeat(64) }

export function linked(access: Access, { id, hash }: Link): AccessEntry {
  const entry = { ...access, id: id + 1, previous_hash: hash }
  return { ...entry, hash: hashOf(entry) }
}

/** SHA-256 of the JSON list of what the entry says, in this order, times in UTC with milliseconds. */
export function hashOf(entry: Omit<AccessEntry, 'hash'>): string {
  const { id, at, subject, role, about, about_id, fields, reason, previous_hash } = entry
  const canonical = JSON.stringify([
    id,
    at.toISOString(),
    subject,
    role,
    about,
    about_id,
    fields,
    reason,
    previous_hash,
  ])
  return createHash('sha256').update(canonical).digest('hex')
}

export interface Break {
  readonly id: number
  readonly reason: 'missing' | 'altered' | 'not_linked'
}

/** Follows the chain from `after` on; returns its last link, or where it is broken. */
export function follow(after: Link, entries: readonly AccessEntry[]): Link | Break {
  let last = after
  for (const entry of entries) {
    if (entry.id !== last.id + 1) return { id: last.id + 1, reason: 'missing' }
    if (entry.previous_hash !== last.hash) return { id: entry.id, reason: 'not_linked' }
    if (entry.hash !== hashOf(entry)) return { id: entry.id, reason: 'altered' }
    last = entry
  }
  return { id: last.id, hash: last.hash }
}

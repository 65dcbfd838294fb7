/** An entry of the journal, pure: who did what to which thing, when and why, and its values before and after. */
import { createHash } from 'node:crypto'
import { chainOf, type Linked } from '../chain/chain.ts'
import type { StoredChain } from '../chain/chain-store.ts'

/** As their token names them. */
export interface Author {
  readonly subject: string
  readonly role: string
}

/** As rows name their author: `staff maria`. */
export const authorName = ({ role, subject }: Author): string => (subject === role ? role : `${role} ${subject}`)

export type About =
  | 'account'
  | 'approval'
  | 'audit'
  | 'closing'
  | 'coaf_note'
  | 'customer'
  | 'dead_letter'
  | 'payment'
  | 'payment_code'
  | 'purchase'
  | 'return'
  | 'unmatched_payment'
  | 'vehicle'
  | 'webhook_delivery'
  | 'webhook_subscription'

export type Values = Readonly<Record<string, unknown>>

export interface Act {
  readonly by: Author
  readonly at: Date
  /** Past tense, as in `price_changed`. */
  readonly act: string
  readonly about: About
  readonly about_id: number | string
  /** Given where somebody used judgement. Without identifiers. */
  readonly reason?: string | null
  /** Nothing personal. */
  readonly before?: Values
  readonly after?: Values
  /** Sealed where it lies. */
  readonly personal?: { readonly before?: Values; readonly after?: Values; readonly reason?: string | null }
  /** The approval by which it was done. */
  readonly approval_id?: string
}

/** As it is chained. */
export interface Said {
  readonly at: Date
  readonly subject: string
  readonly role: string
  readonly act: string
  readonly about: string
  readonly about_id: string
  readonly reason: string | null
  readonly before: string | null
  readonly after: string | null
  readonly sealed_hash: string | null
  readonly approval_id: string | null
}

export type JournalEntry = Linked<Said>

const COLUMNS = [
  'at',
  'subject',
  'role',
  'act',
  'about',
  'about_id',
  'reason',
  'before',
  'after',
  'sealed_hash',
  'approval_id',
] as const satisfies readonly (keyof Said)[]

export const journal: StoredChain<Said> = {
  ...chainOf<Said>((said) => COLUMNS.map((column) => (column === 'at' ? said.at.toISOString() : said[column]))),
  table: 'journal',
  columns: COLUMNS,
}

/** `words` are the sealed values. A salt is sealed with them, so that their hash tells nothing once they are gone. */
export const saidOf = (act: Act, words: string | undefined): Said => ({
  at: act.at,
  ...act.by,
  act: act.act,
  about: act.about,
  about_id: String(act.about_id),
  reason: act.reason ?? null,
  before: textOf(act.before),
  after: textOf(act.after),
  sealed_hash: words === undefined ? null : hashOfWords(words),
  approval_id: act.approval_id ?? null,
})

const textOf = (values: Values | undefined) => (values === undefined ? null : JSON.stringify(values))

export const hashOfWords = (words: string): string => createHash('sha256').update(words).digest('hex')

/** The fields that differ, with their values before and after. */
export function differences<Thing extends object>(
  before: Thing,
  after: Thing,
  fields: readonly (keyof Thing & string)[],
): { before: Values; after: Values } | undefined {
  const changed = fields.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
  if (changed.length === 0) return undefined
  const some = (thing: Thing) => Object.fromEntries(changed.map((field) => [field, thing[field]]))
  return { before: some(before), after: some(after) }
}

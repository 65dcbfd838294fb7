/** The journal for who audits it, in the order of its chain; and the history of one thing, for those who work with it. */
import { type Static, Type } from 'typebox'
import { Timestamp } from '#contracts'
import type { Database } from '#platform/database/database'
import { answers } from '#platform/http/app'
import type { HttpApp } from '#platform/http/server'
import { headOf, listEntries } from '../chain/chain-store.ts'
import { type JournalEntry, journal } from './acts.ts'
import type { OpenEntry } from './journal.ts'

const Hash = Type.String({ pattern: '^[0-9a-f]{64}$' })
const TextOrNull = Type.Union([Type.String(), Type.Null()])

const Entry = Type.Object(
  {
    id: Type.Integer({ description: 'Its place in the chain: 1, 2, 3, without a gap' }),
    at: Timestamp,
    subject: Type.String({ description: 'Who: the `sub` of their token' }),
    role: Type.String(),
    act: Type.String(),
    about: Type.String(),
    about_id: Type.String(),
    reason: TextOrNull,
    before: TextOrNull,
    after: TextOrNull,
    sealed_hash: Type.Union([Hash, Type.Null()], { description: 'Of the personal values, which are not shown here' }),
    approval_id: TextOrNull,
    previous_hash: Hash,
    hash: Type.String({ description: 'SHA-256 of the JSON list of the fields above, in this order' }),
  },
  { title: 'JournalEntry' },
)

const Page = Type.Object({
  entries: Type.Array(Entry),
  head: Type.Object({ id: Type.Integer(), hash: Hash }, { description: 'The last entry: keep it elsewhere' }),
})

const Query = Type.Object({
  after: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0 }),
  limit: Type.Integer({ minimum: 1, maximum: 1_000, default: 100 }),
})

export const journalRoutes =
  ({ database }: { readonly database: Database }) =>
  (app: HttpApp) => {
    app.get(
      '/journal',
      {
        schema: {
          summary: 'What those who work here have done: in the order of the chain',
          tags: ['operations'],
          querystring: Query,
          response: answers({ 200: Page }, 'validation_failed'),
        },
      },
      async ({ query: { after, limit } }) => {
        const head = await headOf(database, journal) // before the entries, so that none of them seems to be missing
        const entries = await listEntries(database, journal, after, limit)
        return { entries: entries.map(chained), head }
      },
    )
  }

const chained = ({ at, ...entry }: JournalEntry): Static<typeof Entry> => ({ ...entry, at: at.toISOString() })

const Values = Type.Record(Type.String(), Type.Unknown())
const ValuesOrNull = Type.Union([Type.Unsafe<Readonly<Record<string, unknown>>>(Values), Type.Null()])

export const HistoryEntry = Type.Object(
  {
    entry: Type.Integer({ description: 'Its place in the journal' }),
    at: Timestamp,
    author: Type.String({ description: 'Who: the `sub` of their token' }),
    role: Type.String(),
    act: Type.String({ description: 'What was done: `price_changed`, `blocked`, …' }),
    reason: TextOrNull,
    before: ValuesOrNull,
    after: ValuesOrNull,
    personal_fields: Type.Array(Type.String(), { description: 'Which personal values changed; they are sealed' }),
    approval_id: TextOrNull,
  },
  { title: 'HistoryEntry' },
)

export function historyView(entry: OpenEntry): Static<typeof HistoryEntry> {
  const { personal } = entry
  const isOpen = typeof personal === 'object'
  return {
    entry: entry.id,
    at: entry.at.toISOString(),
    author: entry.subject,
    role: entry.role,
    act: entry.act,
    reason: entry.reason ?? (isOpen ? (personal.reason ?? null) : null),
    before: entry.before === null ? null : JSON.parse(entry.before),
    after: entry.after === null ? null : JSON.parse(entry.after),
    personal_fields: isOpen ? Object.keys({ ...personal.before, ...personal.after }) : [],
    approval_id: entry.approval_id,
  }
}

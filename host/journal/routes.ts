/** The journal for auditors, in the order of its chain; and how an entry is shown in the history of one thing. */
import { type Static, Type } from 'typebox'
import { Timestamp } from '#contracts'
import type { Database } from '#platform/database/database'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import { inReais } from '#platform/money'
import { ChainQuery, chainPage, Hash, Links, Place, readChain } from '../chain/chain-page.ts'
import { type JournalEntry, journal } from './acts.ts'
import type { OpenEntry } from './journal.ts'

const TextOrNull = Type.Union([Type.String(), Type.Null()])

const Entry = Type.Object(
  {
    id: Place,
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
    ...Links,
  },
  { title: 'JournalEntry' },
)

export const journalRoutes =
  ({ database }: { readonly database: Database }) =>
  (app: HttpApp) => {
    app.get('/journal', { schema: showJournalSchema }, showJournal(database))
  }

const showJournalSchema = {
  summary: 'What those who work here have done: in the order of the chain',
  tags: ['operations'],
  querystring: ChainQuery,
  response: answers({ 200: chainPage(Entry) }, 'validation_failed'),
}

const showJournal =
  (database: Database): Handler<typeof showJournalSchema> =>
  async ({ query }) => {
    const { entries, head } = await readChain(database, journal, query)
    return { entries: entries.map(chained), head }
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
    after: Type.Union(ValuesOrNull.anyOf, { description: 'Amounts in reais' }),
    personal_fields: Type.Array(Type.String(), { description: 'Which personal values changed; they are sealed' }),
    approval_id: TextOrNull,
  },
  { title: 'HistoryEntry' },
)

const valuesOf = (text: string | null) => (text === null ? null : inReais(JSON.parse(text)))

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
    before: valuesOf(entry.before),
    after: valuesOf(entry.after),
    personal_fields: isOpen ? Object.keys({ ...personal.before, ...personal.after }) : [],
    approval_id: entry.approval_id,
  }
}

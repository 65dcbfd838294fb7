/** `GET /vehicles/{id}/history` and similar routes: what staff and admins did to one thing, newest first. */
import { Type } from 'typebox'
import { EntityId, type ProblemName, Timestamp } from '#contracts'
import type { Clock } from '#platform/clock'
import type { Database, Queryable } from '#platform/database/database'
import { answers } from '#platform/http/app'
import { idBehind, Limit, NextCursor, pageOf, Total } from '#platform/http/page'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import type { About } from './acts.ts'
import { historyOf } from './journal.ts'
import { countAbout } from './journal-store.ts'
import { HistoryEntry, historyView } from './routes.ts'

interface HistoryParts {
  readonly database: Database
  readonly vault: Vault
  readonly clock: Clock
}

interface HistorySubject {
  readonly about: About
  /** As in `/vehicles`. */
  readonly path: string
  readonly missing: ProblemName
  readonly exists: (tx: Queryable, id: number) => Promise<boolean>
}

const Page = Type.Object({
  history: Type.Array(HistoryEntry),
  total: Total,
  next_cursor: NextCursor,
  timestamp: Timestamp,
})

const Query = Type.Object({
  limit: Limit,
  cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$', description: 'The `next_cursor` of the page before' })),
})

export const historyRoute =
  ({ database, vault, clock }: HistoryParts, { about, path, missing, exists }: HistorySubject) =>
  (app: HttpApp) => {
    const schema = showHistorySchema({ about, path, missing })
    const showHistory: Handler<typeof schema> = async ({ params: { id }, query: { limit, cursor } }) => {
      if (!(await exists(database, id))) throw new Problem(missing)
      const before = idBehind(cursor) ?? Number.MAX_SAFE_INTEGER
      const [found, total] = await Promise.all([
        historyOf(database, vault, [about, id], before, limit + 1),
        countAbout(database, about, String(id)),
      ])
      const { page, next_cursor } = pageOf(found, limit, (last) => String(last.id))
      return { history: page.map(historyView), total, next_cursor, timestamp: clock.now().toISOString() }
    }
    app.get(`${path}/:id/history`, { schema }, showHistory)
  }

const showHistorySchema = ({ about, path, missing }: Omit<HistorySubject, 'exists'>) => ({
  summary: `What those who work here did to this ${about}: who, when, why, and what it was before`,
  description: 'Newest first. For personal values, only the names of the fields are shown.',
  tags: [path.slice(1)],
  params: Type.Object({ id: EntityId }),
  querystring: Query,
  response: answers({ 200: Page }, missing, 'validation_failed'),
})

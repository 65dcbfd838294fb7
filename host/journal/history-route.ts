/** `GET /vehicles/{id}/history` and its like: what those who work here did to one thing, newest first. */
import { Type } from 'typebox'
import { EntityId, type ProblemName, Timestamp } from '#contracts'
import type { Clock } from '#platform/clock'
import type { Database, Queryable } from '#platform/database/database'
import { answers } from '#platform/http/app'
import type { HttpApp } from '#platform/http/server'
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
  total: Type.Integer({ description: 'Exact up to 10,000, an estimate beyond' }),
  next_cursor: Type.Union([Type.String(), Type.Null()]),
  timestamp: Timestamp,
})

const Query = Type.Object({
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 50 }),
  cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$', description: 'The `next_cursor` of the page before' })),
})

export const historyRoute =
  ({ database, vault, clock }: HistoryParts, { about, path, missing, exists }: HistorySubject) =>
  (app: HttpApp) => {
    app.get(
      `${path}/:id/history`,
      {
        schema: {
          summary: `What those who work here did to this ${about}: who, when, why, and what it was before`,
          description: 'Newest first. Of personal values only the names of the fields are shown.',
          tags: [path.slice(1)],
          params: Type.Object({ id: EntityId }),
          querystring: Query,
          response: answers({ 200: Page }, missing, 'validation_failed'),
        },
      },
      async ({ params: { id }, query: { limit, cursor } }) => {
        if (!(await exists(database, id))) throw new Problem(missing)
        const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor)
        const [found, total] = await Promise.all([
          historyOf(database, vault, [about, id], before, limit + 1),
          countAbout(database, about, String(id)),
        ])
        const page = found.slice(0, limit)
        const last = found.length > limit ? page.at(-1) : undefined
        const timestamp = clock.now().toISOString()
        return { history: page.map(historyView), total, next_cursor: last ? String(last.id) : null, timestamp }
      },
    )
  }

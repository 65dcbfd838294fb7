/** `GET /suspicions`, the same on every service: acts that an admin decided alone, and acts that the service itself finds suspicious. */
import { Type } from 'typebox'
import { type Suspicion, Suspicions, Timestamp } from '#contracts'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database/database'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import { decidedAlone } from './approvals/approval-store.ts'

export type FindSuspicions = (since: Date) => Promise<readonly Suspicion[]>

const MOST = 200

export const suspicionsOf =
  (database: Database, own: FindSuspicions = async () => []): FindSuspicions =>
  async (since) => {
    const alone = await decidedAlone(database, since, MOST)
    const told = alone.map(({ id, kind, about, about_id, asked }): Suspicion => {
      const isSale = kind === 'sale_by_hand'
      const facts = `${isSale ? '' : `${kind}, `}by ${asked.subject}, approval ${id}`
      return { kind: isSale ? 'sold_by_hand_alone' : 'decided_alone', subject: `${about} ${about_id}`, facts }
    })
    return [...told, ...(await own(since))]
  }

export const suspicionsRoute =
  (clock: Clock, find: FindSuspicions) =>
  (app: HttpApp): void => {
    app.get('/suspicions', { schema: showSuspicionsSchema }, showSuspicions(clock, find))
  }

const showSuspicionsSchema = {
  summary: 'What was done here since then that an auditor would ask about',
  description: 'No personal data.',
  tags: ['operations'],
  querystring: Type.Object({ since: Timestamp }),
  response: answers({ 200: Suspicions }, 'validation_failed'),
}

const showSuspicions =
  (clock: Clock, find: FindSuspicions): Handler<typeof showSuspicionsSchema> =>
  async ({ query: { since } }) => ({
    suspicions: [...(await find(new Date(since)))],
    timestamp: clock.now().toISOString(),
  })

/** The operator's routes of every service: which messages wait, which could not be handled and why; to replay one, or give it up. */
import { type Static, Type } from 'typebox'
import { EntityId, Timestamp, WaitingMessages } from '#contracts'
import {
  countDeadLetters,
  countWaiting,
  discard,
  findDeadLetter,
  type KeptDeadLetter,
  listDeadLetters,
  lockDeadLetter,
  measureOutbox,
  type Operator,
} from '#messaging'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database/database'
import { withoutIdentifiers } from '#platform/free-text'
import { answers } from '#platform/http/app'
import { idBehind, NextCursor, pageById, pageOf, Total } from '#platform/http/page'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import { DeadLetterView, viewOf } from './dead-letter-view.ts'
import { type Act, type Author, authorName } from './journal/acts.ts'
import { authorOf, writeJournal } from './journal/journal.ts'
import type { Replayed, ReplayWitness } from './replay.ts'

export interface OperatorParts {
  readonly database: Database
  readonly vault: Vault
  readonly clock: Clock
  readonly replay: (id: number, operator: Operator, witness: ReplayWitness) => Promise<Replayed>
}

const Page = Type.Object({
  dead_letters: Type.Array(DeadLetterView),
  total: Total,
  next_cursor: NextCursor,
  timestamp: Timestamp,
})

const Query = Type.Object({
  status: Type.Enum(['waiting', 'replayed', 'discarded'], { default: 'waiting' }),
  subscription: Type.Optional(Type.String({ maxLength: 200, format: 'text' })),
  ...pageById,
})

const Handled = Type.Object({
  outcome: Type.Enum(['handled', 'handled_before'], {
    description: 'handled_before: another replay had already succeeded, and nothing was done now',
  }),
  dead_letter: DeadLetterView,
})

const Params = Type.Object({ id: EntityId })
const Reason = Type.Object({
  reason: Type.String({
    minLength: 1,
    maxLength: 500,
    format: 'text',
    description: 'Why it is given up, for the record',
  }),
})
const tags = ['operations']

/** What `GET /waiting-messages` answers. */
export async function waitingMessages(database: Database, clock: Clock): Promise<Static<typeof WaitingMessages>> {
  const [outbox, dead_letters] = await Promise.all([measureOutbox(database), countWaiting(database)])
  return { outbox, dead_letters, timestamp: clock.now().toISOString() }
}

export const operatorRoutes = (parts: OperatorParts) => (app: HttpApp) => {
  app.get('/waiting-messages', { schema: showWaitingSchema }, showWaiting(parts))
  app.get('/dead-letters', { schema: showDeadLettersSchema }, showDeadLetters(parts))
  app.get('/dead-letters/:id', { schema: showDeadLetterSchema }, showDeadLetter(parts))
  app.post('/dead-letters/:id/replay', { schema: replayDeadLetterSchema }, replayDeadLetter(parts))
  app.delete('/dead-letters/:id', { schema: discardDeadLetterSchema }, discardDeadLetter(parts))
}

const showWaitingSchema = {
  summary: 'What waits to be sent, and what waits for an operator',
  tags,
  response: answers({ 200: WaitingMessages }),
}

const showWaiting =
  ({ database, clock }: OperatorParts): Handler<typeof showWaitingSchema> =>
  () =>
    waitingMessages(database, clock)

const showDeadLettersSchema = {
  summary: 'Messages that could not be handled, newest first',
  description: 'Those that wait for an operator, unless `status` asks for others.',
  tags,
  querystring: Query,
  response: answers({ 200: Page }, 'validation_failed'),
}

const showDeadLetters =
  ({ database, clock }: OperatorParts): Handler<typeof showDeadLettersSchema> =>
  async ({ query: { limit, cursor, ...filter } }) => {
    const [found, total] = await Promise.all([
      listDeadLetters(database, filter, idBehind(cursor), limit + 1),
      countDeadLetters(database, filter),
    ])
    const { page, next_cursor } = pageOf(found, limit, ({ id }) => String(id))
    return { dead_letters: page.map(viewOf), total, next_cursor, timestamp: clock.now().toISOString() }
  }

const showDeadLetterSchema = {
  summary: 'A message that could not be handled',
  tags,
  params: Params,
  response: answers({ 200: DeadLetterView }, 'dead_letter_not_found', 'validation_failed'),
}

const showDeadLetter =
  ({ database }: OperatorParts): Handler<typeof showDeadLetterSchema> =>
  async ({ params: { id } }) =>
    viewOf(found(await findDeadLetter(database, id)))

const replayDeadLetterSchema = {
  summary: 'Handle the message once more, now',
  description: 'It is handled once, however often this is asked for. One that was discarded may be replayed too.',
  tags,
  params: Params,
  response: answers(
    { 200: Handled },
    'dead_letter_not_found',
    'dead_letter_failed_again',
    'validation_failed',
    'unavailable',
  ),
}

const replayDeadLetter =
  ({ vault, clock, replay }: OperatorParts): Handler<typeof replayDeadLetterSchema> =>
  async (request) => {
    const by = authorOf(request)
    const now = clock.now()
    const replayed = await replay(request.params.id, { by: authorName(by), now }, (tx, letter) =>
      writeJournal(tx, vault, [actOn(letter, 'dead_letter_replayed', by, now)]),
    )
    if (replayed.outcome === 'unknown') throw new Problem('dead_letter_not_found')
    const { outcome, letter } = replayed
    if (outcome === 'failed') {
      const { reason, attempts } = letter
      throw new Problem('dead_letter_failed_again', { reason, attempts })
    }
    return { outcome, dead_letter: viewOf(letter) }
  }

const discardDeadLetterSchema = {
  summary: 'Give the message up',
  description: 'It is kept for a year, with who gave it up, when and why: `GET /dead-letters?status=discarded`.',
  tags,
  params: Params,
  querystring: Reason,
  response: answers({ 200: DeadLetterView }, 'dead_letter_not_found', 'dead_letter_settled', 'validation_failed'),
}

const discardDeadLetter =
  ({ database, vault, clock }: OperatorParts): Handler<typeof discardDeadLetterSchema> =>
  async (request) => {
    const { id } = request.params
    const reason = withoutIdentifiers(request.query.reason)
    const by = authorOf(request)
    const now = clock.now()
    const letter = await database.transaction(async (tx) => {
      const before = found(await lockDeadLetter(tx, id))
      if (before.status === 'replayed') throw new Problem('dead_letter_settled')
      if (before.status === 'discarded') return before
      const discarded = await discard(tx, id, reason, { by: authorName(by), now })
      await writeJournal(tx, vault, [actOn(before, 'dead_letter_discarded', by, now, reason)])
      return found(discarded)
    })
    return viewOf(letter)
  }

function found(letter: KeptDeadLetter | undefined): KeptDeadLetter {
  if (!letter) throw new Problem('dead_letter_not_found')
  return letter
}

/** For the journal: which message, and not what it says. */
const actOn = (
  { id, subscription, message }: KeptDeadLetter,
  act: string,
  by: Author,
  at: Date,
  reason?: string,
): Act => ({
  ...{ by, at, act, about: 'dead_letter', about_id: id, reason: reason ?? null },
  before: { subscription, transaction_id: message.transaction_id },
})

/**
 * Notes and reports of suspicion (Lei 9.613): only admins use these routes. Whoever tells the person of one breaks the law
 * (art. 11), so none of this is in the customer's history, in their copy of their data, or in their list of readings. The
 * journal, which only admins see, names who wrote and who read.
 */
import { type Static, Type } from 'typebox'
import { EntityId, Timestamp, TransactionId } from '#contracts'
import { type Act, authorName, authorOf, writeJournal } from '#host'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database/database'
import { answers } from '#platform/http/app'
import { refuseOwnRecord } from '#platform/http/auth'
import { Limit } from '#platform/http/page'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import { findAccounts } from '../customers/customer-store.ts'
import { type CoafNote, insertNote, notesOn } from './coaf-store.ts'

interface Parts {
  readonly database: Database
  readonly vault: Vault
  readonly clock: Clock
}

const Kind = Type.Enum(['note', 'report'], { description: 'note: for ourselves; report: what COAF was told' })
const Protocol = Type.String({
  minLength: 1,
  maxLength: 60,
  format: 'text',
  description: 'By which COAF finds a report',
})

const View = Type.Object(
  {
    id: EntityId,
    customer_id: EntityId,
    kind: Kind,
    text: Type.Union([Type.String(), Type.Null()], { description: 'null: it does not open any more' }),
    transaction_id: Type.Union([TransactionId, Type.Null()]),
    protocol: Type.Union([Protocol, Type.Null()]),
    written_by: Type.String(),
    at: Timestamp,
  },
  { title: 'CoafNote' },
)

const Body = Type.Object(
  {
    kind: Kind,
    text: Type.String({ minLength: 5, maxLength: 4_000, format: 'text' }),
    transaction_id: Type.Optional(TransactionId),
    protocol: Type.Optional(Protocol),
  },
  {
    additionalProperties: false,
    examples: [{ kind: 'note', text: 'Three cash payments below R$ 30,000 within a week, by three people' }],
  },
)

const Page = Type.Object({ notes: Type.Array(View), timestamp: Timestamp })

const Params = Type.Object({ id: EntityId })
const tags = ['COAF']

export const coafRoutes = (parts: Parts) => (app: HttpApp) => {
  app.post('/customers/:id/coaf-notes', { schema: writeNoteSchema }, writeNote(parts))
  app.get('/customers/:id/coaf-notes', { schema: showNotesSchema }, showNotes(parts))
}

const writeNoteSchema = {
  summary: 'Notes a suspicion, or what COAF was told of one',
  description: 'Never changed and never removed before its time. Nobody but admins learns that there is one.',
  tags,
  params: Params,
  body: Body,
  response: answers({ 201: View }, 'customer_not_found', 'own_record', 'validation_failed'),
}

const writeNote =
  ({ database, vault, clock }: Parts): Handler<typeof writeNoteSchema> =>
  async (request, reply) => {
    const { id: customer_id } = request.params
    refuseOwnRecord(request, customer_id)
    const { kind, text, transaction_id = null, protocol = null } = request.body
    const by = authorOf(request)
    const at = clock.now()
    const written = await database.transaction(async (tx) => {
      await expectKnown(tx, customer_id)
      const note = { customer_id, kind, words: text, transaction_id, protocol, written_by: authorName(by), at }
      const stored = await insertNote(tx, vault, note)
      await writeJournal(tx, vault, [actOf(stored.id, { by, at, act: `coaf_${kind}_written` })])
      return stored
    })
    return reply.code(201).header('cache-control', 'no-store').send(viewOf(written))
  }

const showNotesSchema = {
  summary: 'Notes and reports of suspicion about a customer, newest first',
  tags,
  params: Params,
  querystring: Type.Object({ limit: Limit }),
  response: answers({ 200: Page }, 'customer_not_found', 'own_record', 'validation_failed'),
}

const showNotes =
  ({ database, vault, clock }: Parts): Handler<typeof showNotesSchema> =>
  async (request, reply) => {
    const { id } = request.params
    refuseOwnRecord(request, id)
    const by = authorOf(request)
    const at = clock.now()
    const notes = await database.transaction(async (tx) => {
      await expectKnown(tx, id)
      const found = await notesOn(tx, vault, id, request.query.limit)
      const [newest] = found
      if (newest) await writeJournal(tx, vault, [actOf(newest.id, { by, at, act: 'coaf_notes_read' })])
      return found
    })
    const page = { notes: notes.map(viewOf), timestamp: at.toISOString() }
    return reply.header('cache-control', 'no-store').send(page)
  }

async function expectKnown(tx: Parameters<typeof findAccounts>[0], id: number): Promise<void> {
  const [account] = await findAccounts(tx, [id])
  if (!account) throw new Problem('customer_not_found')
}

/** The act is about the note, because acts about the customer are shown in the customer's history. */
const actOf = (id: number, done: Pick<Act, 'by' | 'at' | 'act'>): Act => ({ ...done, about: 'coaf_note', about_id: id })

const viewOf = ({ words, at, ...note }: CoafNote): Static<typeof View> => ({
  ...note,
  text: words,
  at: at.toISOString(),
})

/** The routes of consents, each with its time and the version of the text; one may be withdrawn: LGPD, art. 8, § 5º and 18 IX. */
import { type Static, Type } from 'typebox'
import { EntityId, Timestamp } from '#contracts'
import { authorOf, writeJournal } from '#host'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database/database'
import { answers } from '#platform/http/app'
import { expectOwn, refuseOwnRecord } from '#platform/http/auth'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import { findAccounts, lockCustomer, updateCustomer } from '../customers/customer-store.ts'
import { ConsentsSchema } from '../http/customer-body.ts'
import { recorderOf } from './changes.ts'
import { type ConsentRecord, consentsOf, insertConsents } from './changes-store.ts'

export interface ConsentParts {
  readonly database: Database
  readonly vault: Vault
  readonly clock: Clock
  /** The present version of the text, for clients that name none. */
  readonly consentText: string
  /** Those that were shown before. */
  readonly consentTextsBefore?: readonly string[]
}

const Consent = Type.Object({
  purpose: Type.String(),
  given: Type.Boolean(),
  text_version: Type.String(),
  at: Timestamp,
  recorded_by: Type.String(),
})

const View = Type.Object(
  {
    customer_id: EntityId,
    consents: Type.Array(Consent, { description: 'What holds now: the last of each purpose' }),
    history: Type.Array(Consent, { description: 'Everything that was given and withdrawn, oldest first' }),
  },
  { title: 'Consents' },
)

const Body = Type.Object(
  {
    consents: ConsentsSchema,
    text_version: Type.Optional(Type.String({ minLength: 1, maxLength: 40, pattern: '^[\\w.-]+$' })),
  },
  { additionalProperties: false, examples: [{ consents: { marketing: false }, text_version: '2026-03' }] },
)

const Params = Type.Object({ id: EntityId })
const tags = ['personal data']

export const consentRoutes = (parts: ConsentParts) => (app: HttpApp) => {
  app.get('/customers/:id/consents', { schema: showConsentsSchema }, showConsents(parts))
  app.put('/customers/:id/consents', { schema: changeConsentsSchema }, changeConsents(parts))
}

const showConsentsSchema = {
  summary: 'What a customer agreed to, and what they withdrew',
  tags,
  params: Params,
  response: answers({ 200: View }, 'customer_not_found', 'validation_failed'),
}

const showConsents =
  ({ database }: ConsentParts): Handler<typeof showConsentsSchema> =>
  async (request) => {
    const { id } = request.params
    expectOwn(request, id, 'customer_not_found')
    const [[account], records] = await Promise.all([findAccounts(database, [id]), consentsOf(database, id)])
    if (!account) throw new Problem('customer_not_found')
    return viewOf(id, records)
  }

const changeConsentsSchema = {
  summary: 'Gives and withdraws consents',
  description:
    'Of the purposes that the body names; the others stay. Each is on record, the same one again too, with a version of the text that was really shown.',
  tags,
  params: Params,
  body: Body,
  response: answers({ 200: View }, 'customer_not_found', 'customer_erased', 'own_record', 'validation_failed'),
}

const changeConsents =
  ({
    database,
    vault,
    clock,
    consentText,
    consentTextsBefore = [],
  }: ConsentParts): Handler<typeof changeConsentsSchema> =>
  async (request) => {
    const { id } = request.params
    expectOwn(request, id, 'customer_not_found')
    refuseOwnRecord(request, id)
    const { consents, text_version = consentText } = request.body
    if (![consentText, ...consentTextsBefore].includes(text_version)) throw unknownText()
    const by = authorOf(request)
    const now = clock.now()
    const when = { text_version, at: now, recorded_by: recorderOf(request) }
    await database.transaction(async (tx) => {
      const customer = await lockCustomer(tx, vault, id)
      if (!customer) throw new Problem('customer_not_found')
      if (customer.status === 'erased') throw new Problem('customer_erased')
      await updateCustomer(tx, vault, {
        ...customer,
        consents: { ...customer.consents, ...consents },
        updated_at: now,
      })
      const records = Object.entries(consents).map(([purpose, given]) => ({ purpose, given, ...when }))
      insertConsents(tx, id, records)
      if (by.role === 'customer') return
      const personal = { before: { consents: customer.consents }, after: { consents } }
      const about = { about: 'customer', about_id: id, after: { text_version }, personal } as const
      await writeJournal(tx, vault, [{ by, at: now, act: 'consents_recorded', ...about }])
    })
    return viewOf(id, await consentsOf(database, id))
  }

const unknownText = () =>
  new Problem('validation_failed', { errors: [{ path: '/text_version', message: 'is no text that was ever shown' }] })

function viewOf(customer_id: number, records: readonly ConsentRecord[]): Static<typeof View> {
  const history = records.map(({ at, ...record }) => ({ ...record, at: at.toISOString() }))
  const latest = new Map(history.map((one) => [one.purpose, one]))
  return { customer_id, consents: [...latest.values()], history }
}

/**
 * A person's own copy of all data held about them, in all services, and the list of those with whom it was shared: LGPD,
 * art. 18 II, V and VII. The copy is whole, or there is none.
 */
import { type Static, Type } from 'typebox'
import { EntityId, Timestamp } from '#contracts'
import { accessesTo, readerOf, recordAccesses } from '#host'
import type { UnitOfWork } from '#messaging'
import type { Clock, Ids } from '#platform/clock'
import type { Database, Queryable } from '#platform/database/database'
import { answers } from '#platform/http/app'
import { expectOwn } from '#platform/http/auth'
import type { Handler, HttpApp } from '#platform/http/server'
import { toReais } from '#platform/money'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import { findAccounts, findCustomers } from '../customers/customer-store.ts'
import { tellCustomer } from '../customers/notices.ts'
import { entryOf } from '../http/statement.ts'
import { viewOf } from '../http/views.ts'
import { consentsOf, correctionsOf } from './changes-store.ts'
import { formerNames } from './former-names-store.ts'
import type { Peers, Sharing } from './peers.ts'
import { holdsOf, ledgerOf, purchasesOf } from './records-store.ts'

export interface PersonalDataParts {
  readonly unitOfWork: UnitOfWork
  readonly ids: Ids
  readonly database: Database
  readonly vault: Vault
  readonly clock: Clock
  readonly peers: Peers
}

const Anything = Type.Unknown()

const PersonalData = Type.Object(
  {
    generated_at: Timestamp,
    customer: Type.Record(Type.String(), Anything, { description: 'As it was given, unmasked' }),
    former_names: Type.Array(Anything, { description: 'Under which something was bought' }),
    consents: Type.Array(Anything, { description: 'What was given and withdrawn, to which text and when' }),
    corrections: Type.Array(Anything, { description: 'Which fields were corrected, by whom and when' }),
    statement: Type.Array(Anything, { description: 'Every movement of balance and credit' }),
    credit_holds: Type.Array(Anything, { description: 'What each purchase held' }),
    catalogue: Type.Array(Anything, { description: 'What was bought, as the customer’s own list shows it' }),
    purchases: Type.Array(Anything, { description: 'Each with its history' }),
    returns: Type.Array(Anything, { description: 'What was given back, why, and what was seen then' }),
    accounts: Type.Array(Anything, {
      description: 'How they sign in: e-mail, sessions, whether there is a second factor',
    }),
    reservations: Type.Array(Anything),
    vehicles_bought: Type.Array(Anything, { description: 'With what identifies them, and who took them' }),
    payment_codes: Type.Array(Anything),
    payments: Type.Array(Anything),
    unmatched_payments: Type.Array(Anything),
    owed_items: Type.Array(Anything, { description: 'Money that is theirs and is given back by hand' }),
    debts: Type.Array(Anything, {
      description: 'Money that they owe: for parts that fell through, or damage on a returned vehicle',
    }),
    warranty_claims: Type.Array(Anything, { description: 'The faults that they reported, and the outcome of each' }),
    shared_with: Type.Array(Anything),
    accesses: Type.Array(Anything, { description: 'Who read any of it unmasked, and why' }),
  },
  { title: 'PersonalData' },
)

const Recipient = Type.Object(
  {
    recipient: Type.String({ description: 'A payment provider, the host that a webhook went to, or who works here' }),
    purpose: Type.String(),
    fields: Type.Array(Type.String()),
    transaction_id: Type.Optional(Type.String()),
    at: Timestamp,
  },
  { title: 'Recipient' },
)

const SharingList = Type.Object({ customer_id: EntityId, shared_with: Type.Array(Recipient), timestamp: Timestamp })

const Params = Type.Object({ id: EntityId })
const tags = ['personal data']

/** The recorded reason when none was given. */
const BY_RIGHT = 'Request of the person (LGPD, art. 18)'

export const personalDataRoutes = (parts: PersonalDataParts) => (app: HttpApp) => {
  app.get(
    '/customers/:id/personal-data',
    {
      config: { pace: 'lookup' }, // so that nobody can read all customers
      schema: showPersonalDataSchema,
    },
    showPersonalData(parts),
  )
  app.get('/customers/:id/sharing', { schema: showSharingSchema }, showSharing(parts))
}

const showPersonalDataSchema = {
  summary: 'Everything that is held about a customer, unmasked, as a file',
  description:
    'For the person or an admin. Each reading is on record. The answer covers all services; if one is missing, it is 503.',
  tags,
  params: Params,
  querystring: Type.Object({
    format: Type.Enum(['json'], { default: 'json' }),
    reason: Type.Optional(Type.String({ minLength: 5, maxLength: 200, format: 'text' })),
  }),
  response: answers({ 200: PersonalData }, 'customer_not_found', 'unavailable', 'validation_failed'),
}

const showPersonalData =
  (parts: PersonalDataParts): Handler<typeof showPersonalDataSchema> =>
  async (request, reply) => {
    const { database, unitOfWork, vault, clock, peers } = parts
    const { id } = request.params
    expectOwn(request, id, 'customer_not_found')
    const reader = readerOf(request, request.query.reason ?? BY_RIGHT)
    await expectCustomer(database, id)
    const elsewhere = await peers.heldAbout(id)
    const at = clock.now()
    const own = await unitOfWork(async (tx, send) => {
      const access = { ...reader, at, about: 'customer' as const, about_id: id, fields: ['everything'] }
      await recordAccesses(tx, [access])
      const kind = reader.role === 'customer' ? 'data_copied' : 'data_read'
      await tellCustomer(tx, send, parts, { customer_id: id, kind, email: null }, at)
      return heldHere(tx, vault, id)
    })
    const { vehicles, payments, purchases, sign_in } = elsewhere
    const { shared_with: byPayment, ...paid } = payments
    const { shared_with: byWebhook, ...bought } = purchases
    return reply
      .header('content-disposition', `attachment; filename="personal-data-${id}.json"`)
      .header('cache-control', 'no-store')
      .send({
        generated_at: at.toISOString(),
        ...own,
        ...paid,
        ...bought,
        ...sign_in,
        reservations: vehicles.reservations,
        vehicles_bought: vehicles.vehicles_bought,
        warranty_claims: vehicles.warranty_claims ?? [],
        debts: payments.debts ?? [],
        shared_with: [...byPayment, ...byWebhook],
        accesses: [...own.accesses, ...vehicles.accesses],
      })
  }

const showSharingSchema = {
  summary: 'With whom a customer’s data was shared, and who read it unmasked',
  description: 'Webhook deliveries are known for 30 days; payments and readings as long as they are kept.',
  tags,
  params: Params,
  response: answers({ 200: SharingList }, 'customer_not_found', 'unavailable', 'validation_failed'),
}

const showSharing =
  ({ database, clock, peers }: PersonalDataParts): Handler<typeof showSharingSchema> =>
  async (request) => {
    const { id } = request.params
    expectOwn(request, id, 'customer_not_found')
    await expectCustomer(database, id)
    const { payments, purchases } = await peers.heldAbout(id)
    const readings = (await accessesTo(database, 'customer', [id])).filter(({ role }) => role !== 'customer')
    const inside = readings.map(({ at, subject, role, fields, reason }) => ({
      recipient: `${role} ${subject}`,
      purpose: reason ?? '',
      fields: [...fields],
      at: at.toISOString(),
    }))
    const outside: readonly Sharing[] = [...payments.shared_with, ...purchases.shared_with]
    const shared_with: Static<typeof Recipient>[] = [...outside, ...inside]
    shared_with.sort((one, other) => one.at.localeCompare(other.at))
    return { customer_id: id, shared_with, timestamp: clock.now().toISOString() }
  }

async function expectCustomer(tx: Queryable, id: number): Promise<void> {
  const [account] = await findAccounts(tx, [id])
  if (!account) throw new Problem('customer_not_found')
}

async function heldHere(tx: Queryable, vault: Vault, id: number) {
  const [[customer], consents, corrections, ledger, holds, bought, accesses, names] = await Promise.all([
    findCustomers(tx, vault, [id]),
    consentsOf(tx, id),
    correctionsOf(tx, id),
    ledgerOf(tx, id),
    holdsOf(tx, id),
    purchasesOf(tx, id),
    accessesTo(tx, 'customer', [id]),
    formerNames(tx, vault, id),
  ])
  if (!customer) throw new Problem('customer_not_found')
  const { document, driver_license, refund_pix_key, representative } = customer
  const given = customer.status === 'erased' ? {} : { document, driver_license, refund_pix_key, representative }
  return {
    customer: { ...viewOf(customer, true), ...given },
    former_names: names,
    consents,
    corrections,
    statement: ledger.map(entryOf),
    credit_holds: holds.map(({ customer_id: _same, amount_cents, ...hold }) => ({
      ...hold,
      amount: toReais(amount_cents),
    })),
    catalogue: bought.map(({ price_cents, ...vehicle }) => ({ ...vehicle, paid: toReais(price_cents) })),
    accesses: accesses.map(({ at, subject, role, fields, reason }) => ({ at, subject, role, fields, reason })),
  }
}

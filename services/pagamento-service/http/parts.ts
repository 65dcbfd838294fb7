/** The routes of payments at the counter: a promised part comes, an entry is struck, a part fails. */
import { type Static, Type } from 'typebox'
import { EntityId, PaymentCodeText, Reais, Timestamp, TransactionId } from '#contracts'
import { authorName, authorOf, writeJournal } from '#host'
import type { UnitOfWork } from '#messaging'
import type { Database } from '#platform/database/database'
import { withoutIdentifiers } from '#platform/free-text'
import { answers } from '#platform/http/app'
import { refuseOwnRecord } from '#platform/http/auth'
import type { Handler, HttpApp } from '#platform/http/server'
import { toReais } from '#platform/money'
import { Problem } from '#platform/problem'
import { lockChargesNamed } from '../charges/charge-store.ts'
import { listCodes, listPayments } from '../charges/listing-store.ts'
import { markBankTold } from '../parts/part-back-store.ts'
import { extendCode, receivedOf } from '../parts/part-store.ts'
import { type Move, movePart, type PartParts } from '../parts/parts.ts'
import { CodeView, codeView, PaymentView, paymentView } from './views.ts'

export interface PartRouteParts extends PartParts {
  readonly database: Database
  readonly unitOfWork: UnitOfWork
}

const Params = Type.Object({ id: EntityId })
const Day = Type.String({ format: 'date', description: 'A day of São Paulo' })
const Why = Type.String({ minLength: 5, maxLength: 200, format: 'text', description: 'Name no person' })
const Reference = Type.String({
  minLength: 1,
  maxLength: 200,
  format: 'text',
  description: 'Words to find it by, such as the number of a receipt',
})

/** One call cannot hold a vehicle for ever. */
const EXTENDED_FOR_MS = 90 * 86_400_000
const tooLate = () =>
  new Problem('validation_failed', { errors: [{ path: '/until', message: 'must be within 90 days' }] })

const tags = ['payments']
const moved = answers({ 200: PaymentView }, 'payment_not_found', 'part_not_open', 'own_record', 'validation_failed')

export const partRoutes = (parts: PartRouteParts) => (app: HttpApp) => {
  app.post('/payments/:id/receive', { schema: receiveSchema }, receive(parts))
  app.post('/payments/:id/reverse', { schema: reverseSchema }, reverse(parts))
  app.post('/payments/:id/fail', { schema: failSchema }, fail(parts))
  app.post('/payments/:id/bank-told', { schema: tellBankSchema }, bankTold(parts))
  app.post('/payment-codes/:code/extend', { schema: extendSchema }, extend(parts))
  app.get('/payment-clearances/:transaction_id', { schema: showClearanceSchema }, showClearance(parts))
}

const receiveSchema = {
  summary: 'Records that a part promised at the counter was received',
  tags,
  params: Params,
  body: Type.Object({ reference: Type.Optional(Reference) }, { additionalProperties: false }),
  response: moved,
}

const receive =
  (parts: PartRouteParts): Handler<typeof receiveSchema> =>
  (request) =>
    move(parts, request, { what: 'receive', reason: null, reference: request.body.reference ?? null, due_on: null })

const reverseSchema = {
  summary: 'Strikes a part that was written down by mistake, or that its payer took back, before the vehicle is sold',
  tags,
  params: Params,
  body: Type.Object({ reason: Why }, { additionalProperties: false }),
  response: answers(
    { 200: PaymentView },
    'payment_not_found',
    'part_not_open',
    'part_of_sold',
    'own_record',
    'validation_failed',
  ),
}

const reverse =
  (parts: PartRouteParts): Handler<typeof reverseSchema> =>
  (request) =>
    move(parts, request, { what: 'reverse', reason: request.body.reason, reference: null, due_on: null })

const failSchema = {
  summary: 'A part fell through after the sale: its buyer owes it, and the sale stands',
  tags,
  params: Params,
  body: Type.Object({ reason: Why, due_on: Day }, { additionalProperties: false }),
  response: answers(
    { 200: PaymentView },
    'payment_not_found',
    'part_not_open',
    'part_not_sold',
    'own_record',
    'validation_failed',
  ),
}

const fail =
  (parts: PartRouteParts): Handler<typeof failSchema> =>
  (request) => {
    const { reason, due_on } = request.body
    return move(parts, request, { what: 'fail', reason, reference: null, due_on })
  }

async function move(
  parts: PartRouteParts,
  request: Parameters<typeof authorOf>[0] & { readonly params: { readonly id: number } },
  wish: Move,
): Promise<Static<typeof PaymentView>> {
  const [known] = await listPayments(parts.database, { id: request.params.id }, 1)
  if (known) refuseOwnRecord(request, known.customer_id)
  const clean = {
    ...wish,
    reason: wish.reason && withoutIdentifiers(wish.reason),
    reference: wish.reference && withoutIdentifiers(wish.reference),
  }
  const { id } = await parts.unitOfWork((tx, send) =>
    movePart(tx, send, parts, authorOf(request), request.params.id, clean),
  )
  const [stored] = await listPayments(parts.database, { id }, 1)
  if (!stored) throw new Problem('payment_not_found')
  return paymentView(stored, true)
}

const tellBankSchema = {
  summary: 'The bank of a financing or a card was told that its purchase is undone',
  description: '`GET /payments?bank_to_tell=true` lists what is still to be told.',
  tags,
  params: Params,
  body: Type.Object({ reference: Reference }, { additionalProperties: false }),
  response: moved,
}

const bankTold =
  (parts: PartRouteParts): Handler<typeof tellBankSchema> =>
  async (request) => {
    const { id } = request.params
    const { database, unitOfWork, vault, clock } = parts
    const [known] = await listPayments(database, { id }, 1)
    if (!known) throw new Problem('payment_not_found')
    refuseOwnRecord(request, known.customer_id)
    const by = authorOf(request)
    await unitOfWork(async (tx) => {
      const at = clock.now()
      if (!(await markBankTold(tx, id, authorName(by), at))) throw new Problem('part_not_open')
      const after = { transaction_id: known.transaction_id, reference: withoutIdentifiers(request.body.reference) }
      await writeJournal(tx, vault, [{ by, at, act: 'bank_told', about: 'payment', about_id: id, after }])
    })
    const [told] = await listPayments(database, { id }, 1)
    if (!told) throw new Problem('payment_not_found')
    return paymentView(told, true)
  }

const extendSchema = {
  summary: 'Gives a code that is paid at the counter more time, as after a deposit',
  tags: ['payment codes'],
  params: Type.Object({ code: PaymentCodeText }),
  body: Type.Object({ until: Timestamp, reason: Why }, { additionalProperties: false }),
  response: answers(
    { 200: CodeView },
    'payment_code_not_found',
    'payment_code_used',
    'code_not_extendable',
    'own_record',
    'validation_failed',
  ),
}

const extend =
  ({ database, unitOfWork, vault, clock }: PartRouteParts): Handler<typeof extendSchema> =>
  async (request) => {
    const { code } = request.params
    const until = new Date(request.body.until)
    if (until.getTime() > clock.now().getTime() + EXTENDED_FOR_MS) throw tooLate()
    await unitOfWork(async (tx) => {
      const [charge] = await lockChargesNamed(tx, [code])
      if (!charge) throw new Problem('payment_code_not_found')
      refuseOwnRecord(request, charge.code.customer_id)
      const { status, payment_type, expires_at, transaction_id } = charge.code
      const at = clock.now()
      if (payment_type !== 'counter' || status !== 'pending' || until <= at || until <= expires_at)
        throw new Problem('code_not_extendable')
      extendCode(tx, code, until)
      const act = {
        by: authorOf(request),
        at,
        act: 'code_extended',
        about: 'purchase',
        about_id: transaction_id,
      } as const
      const reason = withoutIdentifiers(request.body.reason)
      const [before, after] = [expires_at, until].map((time) => ({ expires_at: time.toISOString() }))
      await writeJournal(tx, vault, [{ ...act, reason, ...(before && { before }), ...(after && { after }) }])
    })
    const [extended] = await listCodes(database, { code }, 1)
    if (!extended) throw new Problem('payment_code_not_found')
    return codeView(extended)
  }

const showClearanceSchema = {
  hide: true, // between services
  params: Type.Object({ transaction_id: TransactionId }),
  response: answers(
    { 200: Type.Object({ is_clear: Type.Boolean(), missing: Reais }) },
    'payment_not_found',
    'validation_failed',
  ),
}

/** Whether a vehicle may be handed over: every part must have been received, not only promised. */
const showClearance =
  ({ database }: PartRouteParts): Handler<typeof showClearanceSchema> =>
  async ({ params }) => {
    const found = await receivedOf(database, params.transaction_id)
    if (!found) throw new Problem('payment_not_found')
    const missing_cents = found.payment_type === 'counter' ? found.amount_cents - found.received_cents : 0
    return { is_clear: missing_cents === 0, missing: toReais(missing_cents) }
  }

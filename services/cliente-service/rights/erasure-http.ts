/** The routes of erasure: ask for one, and see how far it is. */
import { type Static, Type } from 'typebox'
import { EntityId, Reais, Timestamp, TransactionId } from '#contracts'
import { type Approvals, ApprovalView, type Author, approvalView, writeJournal } from '#host'
import type { Send } from '#messaging'
import type { Database, Tx } from '#platform/database/database'
import { answers } from '#platform/http/app'
import { callerOf, expectOwn } from '#platform/http/auth'
import type { Handler, HttpApp } from '#platform/http/server'
import { toReais } from '#platform/money'
import { Problem } from '#platform/problem'
import { lockCustomer } from '../customers/customer-store.ts'
import type { Elsewhere, Open } from '../domain/erasure.ts'
import { type ErasureParts, eraseWithin, erasureAct } from './erasure.ts'
import { answersTo, type Erasure, type ErasureAnswer, findErasure } from './erasure-store.ts'
import type { Peers } from './peers.ts'

export type ErasureRouteParts = ErasureParts & {
  readonly approvals: Approvals
  readonly database: Database
  readonly peers: Peers
}

const TimestampOrNull = Type.Union([Timestamp, Type.Null()])

const SettleFirst = Type.Object(
  {
    what: Type.Enum(['balance', 'used_credit', 'counter_debt', 'money_owed_back', 'vehicle_not_picked_up']),
    amount: Type.Optional(Reais),
    transaction_id: Type.Optional(TransactionId),
    offer: Type.String({ description: 'How it is settled' }),
  },
  { title: 'SettleFirst' },
)

const View = Type.Object(
  {
    customer_id: EntityId,
    status: Type.Enum(['IN_PROGRESS', 'RETAINED', 'COMPLETED'], {
      description:
        'RETAINED with `settle_first`: profile and marketing are gone, the person stays known until that is settled, and then it goes on by itself. IN_PROGRESS: a service has not answered yet. RETAINED: the person is gone everywhere, and records are kept without them, as `retained` says. COMPLETED: nothing is kept',
    }),
    requested_at: Timestamp,
    requested_by: Type.String(),
    settle_first: Type.Array(SettleFirst),
    person_erased: Type.Array(Type.Object({ service: Type.String(), at: Timestamp })),
    retained: Type.Array(
      Type.Object({ records: Type.String(), reason: Type.String(), until: Timestamp }, { title: 'RetainedRecords' }),
    ),
    records_erased_at: TimestampOrNull,
  },
  { title: 'Erasure' },
)

const Params = Type.Object({ id: EntityId })
const tags = ['personal data']

export const erasureRoutes = (parts: ErasureRouteParts) => (app: HttpApp) => {
  app.delete('/customers/:id', { schema: eraseCustomerSchema }, eraseCustomer(parts))
  app.get('/customers/:id/erasure', { schema: showErasureSchema }, showErasure(parts))
}

const eraseCustomerSchema = {
  summary: 'Erases a person’s data',
  description:
    'Who they were goes at once here and within moments elsewhere: `GET /customers/{id}/erasure` tells how far it is. Asked for by staff, an admin decides it first: then the answer is an approval. What the law has kept stays without them, and who they were in a sealed archive beside it. With a balance, credit in use, or a vehicle not picked up, it is accepted as RETAINED and finishes by itself when that is settled. Asked for again, it is the same erasure.',
  tags,
  params: Params,
  response: answers(
    { 202: Type.Union([View, ApprovalView]) },
    'customer_not_found',
    'purchase_in_progress',
    'own_record',
    'validation_failed',
  ),
}

const eraseCustomer =
  (parts: ErasureRouteParts): Handler<typeof eraseCustomerSchema> =>
  async (request, reply) => {
    const { database, peers, approvals, clock } = parts
    const { id } = request.params
    expectOwn(request, id, 'customer_not_found')
    const { role, subject = role } = callerOf(request)
    // a purchase accepted a moment ago holds nothing here yet, but its buyer was told that it was accepted
    const isNew = (await findErasure(database, id)) === undefined
    if (isNew && (await peers.hasPurchaseInProgress(id))) throw new Problem('purchase_in_progress')
    const by = { role, subject }
    const elsewhere = await parts.elsewhere(id)
    const erasure = await parts.unitOfWork(async (tx, send) => {
      if (role === 'customer')
        return await eraseWithin(tx, send, parts, elsewhere, { customer_id: id, requested_by: role })
      if (isNew && approvals.needsAnother(by)) return await askErasure(tx, parts, id, by)
      return await eraseForAnother(tx, send, parts, elsewhere, id, by)
    })
    if (typeof erasure === 'string') throw new Problem(erasure)
    if ('asked' in erasure) return reply.code(202).send(approvalView(erasure, clock.now()))
    return reply.code(202).send(viewOf(erasure, await answersTo(database, erasure)))
  }

async function askErasure(tx: Tx, { approvals, vault }: ErasureRouteParts, id: number, by: Author) {
  const customer = await lockCustomer(tx, vault, id)
  if (!customer) return 'customer_not_found' as const
  return approvals.ask(tx, by, { ...wishOf(id), reason: null })
}

/** An admin decides alone, and this is on record. Asked for again, it is the same erasure. */
async function eraseForAnother(
  tx: Tx,
  send: Send,
  parts: ErasureRouteParts,
  elsewhere: Elsewhere,
  id: number,
  by: Author,
) {
  const isNew = (await findErasure(tx, id)) === undefined
  const erasure = await eraseWithin(tx, send, parts, elsewhere, {
    customer_id: id,
    requested_by: `${by.role} ${by.subject}`,
  })
  if (typeof erasure === 'string' || !isNew) return erasure
  const { id: approval_id } = parts.approvals.decideAlone(tx, by, { ...wishOf(id), reason: null })
  await writeJournal(tx, parts.vault, [erasureAct(id, by, parts.clock.now(), null, approval_id)])
  return erasure
}

const wishOf = (id: number) =>
  ({ kind: 'erasure', about: 'customer', about_id: id, request: {}, rests_on: {} }) as const

const showErasureSchema = {
  summary: 'How far the erasure of a person’s data is, and what is kept without them, why and until when',
  tags,
  params: Params,
  response: answers({ 200: View }, 'erasure_not_found', 'validation_failed'),
}

const showErasure =
  ({ database }: ErasureRouteParts): Handler<typeof showErasureSchema> =>
  async (request) => {
    const { id } = request.params
    expectOwn(request, id, 'erasure_not_found')
    const erasure = await findErasure(database, id)
    if (!erasure) throw new Problem('erasure_not_found')
    return viewOf(erasure, await answersTo(database, erasure))
  }

const OFFERS: Readonly<Record<Open['what'], string>> = {
  balance: 'Staff pay it out: to your Pix key, or as you tell them',
  used_credit: 'Pay it at the counter, or by Pix to the shop',
  counter_debt: 'Pay it at the counter: a part of your purchase fell through, or has not come yet',
  money_owed_back: 'Staff give it back to you by hand',
  vehicle_not_picked_up: 'Pick the vehicle up, or ask for the return of the purchase',
}

const settleView = ({ what, ...of }: Open): Static<typeof SettleFirst> => ({
  what,
  ...('amount_cents' in of ? { amount: toReais(of.amount_cents) } : of),
  offer: OFFERS[what],
})

const OTHERS = ['veiculo-service', 'pagamento-service', 'orquestrador', 'identidade-service']

function statusOf({ open_account, retained, records_id }: Erasure, isUnderWay: boolean) {
  if (open_account) return 'RETAINED'
  if (isUnderWay) return 'IN_PROGRESS'
  return retained.length > 0 && records_id === null ? 'RETAINED' : 'COMPLETED'
}

function viewOf(erasure: Erasure, given: readonly ErasureAnswer[]): Static<typeof View> {
  const { customer_id, requested_at, requested_by, retained, person_id, records_id, records_erased_at, open_account } =
    erasure
  const here = { service: 'cliente-service', at: requested_at }
  const person = open_account ? [] : [here, ...given.filter(({ erasure_id }) => erasure_id === person_id)]
  // an erasure of an earlier release lacks the answer of a service that came later
  const waitsFor = (id: string) =>
    erasure.told_at !== null &&
    OTHERS.some((name) => !given.some(({ erasure_id, service }) => erasure_id === id && service === name))
  return {
    customer_id,
    status: statusOf(erasure, waitsFor(records_id ?? person_id)),
    requested_at: requested_at.toISOString(),
    requested_by,
    settle_first: (open_account ?? []).map(settleView),
    person_erased: person.map(({ service, at }) => ({ service, at: at.toISOString() })),
    retained: [...retained],
    records_erased_at: records_erased_at?.toISOString() ?? null,
  }
}

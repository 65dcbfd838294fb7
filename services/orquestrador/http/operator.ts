/** An operator's acts on a purchase: resume it, give up a step, or run it once more. */
import { Type } from 'typebox'
import { SagaStatus, TransactionId } from '#contracts'
import { withoutIdentifiers } from '#platform/free-text'
import { answers } from '#platform/http/app'
import { callerOf, nameOf } from '#platform/http/auth'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import { type RedoParts, redo } from '../operator/redo.ts'
import { witnessOf } from '../operator/witness.ts'
import { refuseOwnPurchase } from '../purchases/own-sales.ts'
import { namedRecords } from '../records/records.ts'
import { purchasesWithReturn } from '../returns/return-store.ts'
import { findSaga } from '../runner/saga-store.ts'
import { Moved, Params } from './purchases.ts'

export type OperatorParts = RedoParts & { readonly vault: Vault }

const ReasonBody = Type.Object(
  {
    reason: Type.String({
      minLength: 3,
      maxLength: 500,
      pattern: '\\S',
      format: 'text',
      description: 'Why, for the record; name no person',
    }),
  },
  { additionalProperties: false },
)

const Redone = Type.Object({
  message: Type.String(),
  transaction_id: TransactionId,
  current_step: Type.Optional(Type.String()),
  status: Type.Optional(SagaStatus),
})

const tags = ['operations']

export const operatorRoutes = (parts: OperatorParts) => (app: HttpApp) => {
  app.post('/saga-states/:transaction_id/retry', { schema: resumeSchema }, resume(parts))
  app.post('/saga-states/:transaction_id/give-up', { schema: giveUpSchema }, giveUp(parts))
  app.post('/saga-states/:transaction_id/redo', { schema: redoPurchaseSchema }, redoPurchase(parts))
}

const resumeSchema = {
  summary: 'Resume a purchase that requires manual intervention',
  tags,
  params: Params,
  response: answers({ 202: Moved }, 'saga_not_found', 'not_resumable', 'taken_over', 'own_record', 'validation_failed'),
}

const resume =
  ({ database, runner, vault, clock }: OperatorParts): Handler<typeof resumeSchema> =>
  async (request, reply) => {
    const transaction_id = request.params.transaction_id.toLowerCase()
    await refuseOwnPurchase(database, request, transaction_id)
    const witness = witnessOf({ vault, clock }, request, 'purchase_resumed', transaction_id, null)
    const outcome = await runner.apply(transaction_id, { kind: 'resume', by: nameOf(callerOf(request)) }, witness)
    if (!outcome) throw new Problem('saga_not_found')
    const { saga, refusal } = outcome
    if (refusal) throw new Problem(refusal)
    return reply.code(202).send({ message: 'Resumed', transaction_id, current_step: saga.step, status: saga.status })
  }

const giveUpSchema = {
  summary: 'Give up what a purchase waits for',
  description:
    'For a purchase that requires manual intervention, when that was dealt with by hand. An undo is passed over and the others are done; a sale that was refused is compensated in full. Of a return whose vehicle is back, what the step would have paid is owed. Who, when and why is kept in `context.given_up`.',
  tags,
  params: Params,
  body: ReasonBody,
  response: answers(
    { 202: Moved },
    'saga_not_found',
    'not_abandonable',
    'taken_over',
    'vehicle_sold_to_purchase',
    'own_record',
    'validation_failed',
    'unavailable',
  ),
}

const giveUp =
  (parts: OperatorParts): Handler<typeof giveUpSchema> =>
  async (request, reply) => {
    const { database, runner, vault, clock } = parts
    const transaction_id = request.params.transaction_id.toLowerCase()
    await refuseOwnPurchase(database, request, transaction_id)
    const stuck = await findSaga(database, transaction_id)
    if (!stuck) throw new Problem('saga_not_found')
    // while it waits for an operator nothing moves, so the answer of the sale's owner stays true
    if (stuck.definition === 'purchase' && !stuck.unwinding) await expectUnsold(parts, transaction_id)
    const operator = { by: nameOf(callerOf(request)), reason: request.body.reason }
    const { reason } = operator
    const witness = witnessOf(
      { vault, clock },
      request,
      'purchase_given_up',
      transaction_id,
      withoutIdentifiers(reason),
    )
    const outcome = await runner.apply(transaction_id, { kind: 'give_up', ...operator }, witness)
    if (!outcome) throw new Problem('saga_not_found')
    const { saga, refusal } = outcome
    if (refusal) throw new Problem(refusal)
    return reply.code(202).send({ message: 'Given up', transaction_id, current_step: saga.step, status: saga.status })
  }

const redoPurchaseSchema = {
  summary: 'Have a purchase go its way once more',
  description:
    'When the audit finds that services disagree about a purchase. One that has ended goes its way once more, one that is under way asks its step again, one that this service has lost is begun again. Each service answers from its records, so only what is missing is done. Answers without a status when too little is known of a lost one to begin it again: then what it holds is given back.',
  tags,
  params: Params,
  body: ReasonBody,
  response: answers(
    { 202: Redone },
    'saga_not_found',
    'not_redoable',
    'taken_over',
    'records_missing',
    'own_record',
    'validation_failed',
    'unavailable',
  ),
}

const redoPurchase =
  (parts: OperatorParts): Handler<typeof redoPurchaseSchema> =>
  async (request, reply) => {
    const transaction_id = request.params.transaction_id.toLowerCase()
    const operator = { by: nameOf(callerOf(request)), reason: request.body.reason }
    await refuseOwnPurchase(parts.database, request, transaction_id)
    const saga = await redo(parts, transaction_id, operator)
    const { database, vault, clock } = parts
    // written afterwards: beginning a lost purchase again takes several transactions
    await database.transaction(witnessOf({ vault, clock }, request, 'purchase_redone', transaction_id, operator.reason))
    return reply.code(202).send({
      message: saga ? 'Redone' : 'Given back what it holds',
      transaction_id,
      ...(saga && { current_step: saga.step, status: saga.status }),
    })
  }

async function expectUnsold({ database, sources }: OperatorParts, transaction_id: string): Promise<void> {
  if ((await purchasesWithReturn(database, [transaction_id])).length > 0) throw new Problem('taken_over')
  const records = await namedRecords(sources, [transaction_id])
  if (records.get(transaction_id)?.reservation?.status === 'sold') throw new Problem('vehicle_sold_to_purchase')
}

/** `PUT /customers/{id}`: people correct their own data, staff correct what customers tell them; an admin may set money, over the version read. */
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { EntityId } from '#contracts'
import { type Approval, ApprovalView, approvalView, authorName, authorOf } from '#host'
import type { Tx } from '#platform/database/database'
import { answers } from '#platform/http/app'
import { callerOf, expectOwn, isStaff, refuse, seesReasons } from '#platform/http/auth'
import { checkIfMatch, etagOf, IfMatchHeaders } from '#platform/http/etag'
import type { Handler } from '#platform/http/server'
import { Problem } from '#platform/problem'
import { movedBy } from '../credit/adjustment-store.ts'
import { registrationOf } from '../customers/account-customer-store.ts'
import { type Money, moneyOf, storeAmendment } from '../customers/amendment.ts'
import { type CustomerRow, lockCustomer } from '../customers/customer-store.ts'
import { tellCustomer } from '../customers/notices.ts'
import { expectOwnCustomer } from '../customers/own-customers.ts'
import { recordShown } from '../customers/readings.ts'
import { isBeyond } from '../domain/adjustment.ts'
import { amend } from '../domain/customer.ts'
import { recorderOf } from '../rights/changes.ts'
import { AmendmentBody, amendmentFrom, expectEmailOf } from './customer-body.ts'
import type { RouteParts } from './parts.ts'
import { taken } from './taken.ts'
import { CustomerAnswer, viewOf } from './views.ts'

export const amendCustomerSchema = {
  summary: 'Changes the fields that the body names',
  description:
    '`null` clears an optional field. `initial_balance` sets the balance and `credit_limit` the limit: for admins, with `If-Match`; staff who ask for a credit limit get 202, and an admin decides. To move a balance by a difference, `POST /customers/{id}/adjustments`.',
  tags: ['customers'],
  params: Type.Object({ id: EntityId }),
  headers: IfMatchHeaders,
  body: AmendmentBody,
  response: answers(
    { 200: CustomerAnswer, 202: ApprovalView },
    'customer_not_found',
    'customer_erased',
    'email_taken',
    'email_of_account',
    'credit_limit_in_use',
    'own_record',
    'not_own_customer',
    'too_many_customers_read',
    'precondition_required',
    'precondition_failed',
    'validation_failed',
  ),
}

const DAY_MS = 86_400_000

export const amendCustomer =
  (parts: RouteParts): Handler<typeof amendCustomerSchema> =>
  async (request, reply) => {
    const { vault, clock, consentText = '1' } = parts
    expectOwn(request, request.params.id, 'customer_not_found')
    expectEmailOf(callerOf(request), request.body.email)
    await expectOwnCustomer(request, request.params.id, parts)
    const now = clock.now()
    const amendment = amendmentFrom(request.body, now)
    const { account_balance_cents, credit_limit_cents } = amendment
    const money: Money = {
      ...(account_balance_cents !== undefined && { account_balance_cents }),
      ...(credit_limit_cents !== undefined && { credit_limit_cents }),
    }
    const setsMoney = Object.keys(money).length > 0
    if (setsMoney) expectMaySetMoney(request)
    const by = authorOf(request)
    const done = await parts
      .unitOfWork(async (tx, send): Promise<CustomerRow | Approval> => {
        const customer = await lockCustomer(tx, vault, request.params.id)
        if (!customer) throw new Problem('customer_not_found')
        checkIfMatch(request, customer)
        const after = amend(customer, amendment, now)
        if (typeof after === 'string') throw new Problem(after)
        const approval = setsMoney ? await askOrDecide(tx, parts, request, customer, money) : undefined
        if (approval?.status === 'waiting') return approval
        await expectEmailOfOwn(tx, request, customer, after)
        await recordShown(tx, request, after, parts)
        if (customer.email !== null && customer.email !== after.email)
          await tellCustomer(
            tx,
            send,
            parts,
            { customer_id: customer.id, kind: 'email_changed', email: customer.email },
            now,
          )
        const occasion = { at: now, recorded_by: recorderOf(request), text_version: consentText }
        return storeAmendment(tx, parts, customer, after, by, {
          ...occasion,
          ...(approval && { approval_id: approval.id }),
        })
      })
      .catch(taken('email_taken'))
    if ('asked' in done) return reply.code(202).send(approvalView(done, now))
    return reply.header('etag', etagOf(done)).send(viewOf(done, seesReasons(callerOf(request))))
  }

/** A person with an account proves a new address there: no mail goes to an unproved address. */
async function expectEmailOfOwn(
  tx: Tx,
  request: FastifyRequest,
  before: CustomerRow,
  after: CustomerRow,
): Promise<void> {
  if (callerOf(request).role !== 'customer' || before.email === after.email) return
  if ((await registrationOf(tx, before.id)).has_account) throw new Problem('email_of_account')
}

/** Staff may ask for a credit limit; they move a balance by adjustments. Whoever sets either must name the version that they read. */
function expectMaySetMoney(request: FastifyRequest<{ Body: { initial_balance?: number } }>): void {
  const caller = callerOf(request)
  if (!isStaff(caller)) refuse(request)
  if (caller.role !== 'admin' && (request.body.initial_balance !== undefined || caller.scope === 'seller'))
    refuse(request)
  const condition = request.headers['if-match']
  if (condition === undefined || condition.trim() === '*') throw new Problem('precondition_required')
}

/** Undefined: an admin may set it without an approval. */
async function askOrDecide(
  tx: Tx,
  { approvals, clock, adjustmentLimit, creditLimit }: RouteParts,
  request: FastifyRequest<{ Body: object }>,
  customer: CustomerRow,
  money: Money,
): Promise<Approval | undefined> {
  const by = authorOf(request)
  const { account_balance_cents: balance = customer.account_balance_cents, credit_limit_cents: limit = 0 } = money
  const moved = await movedBy(tx, customer.id, authorName(by), new Date(clock.now().getTime() - DAY_MS))
  const difference = balance - customer.account_balance_cents
  const isTooMuch =
    (difference !== 0 && isBeyond(adjustmentLimit, moved, difference)) ||
    (limit > creditLimit && limit > customer.credit_limit_cents)
  if (by.role === 'admin' && !isTooMuch) return undefined
  const kind = money.account_balance_cents === undefined ? 'credit_limit' : 'balance'
  const about = { about: 'customer', about_id: customer.id } as const
  const wish = { kind, ...about, request: { ...money }, rests_on: { ...moneyOf(customer, money) }, reason: null }
  if (!approvals.needsAnother(by)) return approvals.decideAlone(tx, by, wish)
  expectAlone(request.body)
  return approvals.ask(tx, by, wish)
}

/** A value that waits for another person's decision must not hold up the other changes. */
function expectAlone(body: unknown): void {
  const others = Object.keys(body as object).filter((name) => name !== 'initial_balance' && name !== 'credit_limit')
  const errors = others.map((name) => ({ path: `/${name}`, message: 'is changed by a request of its own' }))
  if (errors.length > 0) throw new Problem('validation_failed', { errors })
}

/** The routes of approvals, the same on every service: what waits for a second person, and their yes or no. */
import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { Timestamp } from '#contracts'
import type { Database } from '#platform/database/database'
import { withoutIdentifiers } from '#platform/free-text'
import { answers } from '#platform/http/app'
import { callerOf, isSeller } from '#platform/http/auth'
import { Limit, NextCursor, pageOf, Total } from '#platform/http/page'
import type { Handler, HttpApp } from '#platform/http/server'
import { inReais } from '#platform/money'
import { Problem } from '#platform/problem'
import type { Values } from '../journal/acts.ts'
import { authorOf } from '../journal/journal.ts'
import { type Approval, standingOf } from './approval.ts'
import { countApprovals, findApproval, listApprovals } from './approval-store.ts'
import { type DeciderParts, decide } from './approvals.ts'

const OrNull = <Schema extends ReturnType<typeof Type.String>>(schema: Schema) => Type.Union([schema, Type.Null()])
const Status = Type.Enum(['waiting', 'expired', 'approved', 'rejected', 'alone'], {
  description: 'alone: an admin decided without a second person, where that is allowed',
})
const Anything = Type.Record(Type.String(), Type.Unknown())

export const ApprovalView = Type.Object(
  {
    approval_id: Type.String({ format: 'uuid' }),
    kind: Type.String({ description: 'What is asked for: `adjustment`, `price`, `sale_by_hand`, …' }),
    status: Status,
    about: Type.String(),
    about_id: Type.String(),
    request: Type.Unsafe<Readonly<Record<string, unknown>>>({ ...Anything, description: 'Amounts in reais' }),
    rests_on: Type.Unsafe<Readonly<Record<string, unknown>>>({
      ...Anything,
      description: 'The facts on which it was asked. Once they have changed, it can no longer be approved',
    }),
    reason: OrNull(Type.String()),
    asked_by: Type.String(),
    asked_at: Timestamp,
    expires_at: Timestamp,
    decided_by: OrNull(Type.String()),
    decided_at: OrNull(Timestamp),
    decided_because: OrNull(Type.String()),
  },
  { title: 'Approval' },
)

/** The part of an approval that is hidden from the seller who asked for it: the vehicle's cost. */
const OF_THE_BACK_OFFICE: readonly string[] = ['cost_cents']

const withoutCosts = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !OF_THE_BACK_OFFICE.includes(name)))

export function approvalView(approval: Approval, now: Date, isForSeller = false): Static<typeof ApprovalView> {
  const { id, kind, about, about_id, request, rests_on, reason, asked, asked_at, expires_at, decided } = approval
  return {
    approval_id: id,
    kind,
    status: standingOf(approval, now),
    about,
    about_id,
    request: inReais(request),
    rests_on: inReais(isForSeller ? withoutCosts(rests_on) : rests_on),
    reason,
    asked_by: asked.subject,
    asked_at: asked_at.toISOString(),
    expires_at: expires_at.toISOString(),
    decided_by: decided?.subject ?? null,
    decided_at: decided?.at.toISOString() ?? null,
    decided_because: decided?.because ?? null,
  }
}

const Query = Type.Object({
  status: Type.Optional(Status),
  about_id: Type.Optional(Type.String({ maxLength: 60, format: 'text' })),
  limit: Limit,
  cursor: Type.Optional(Type.String({ format: 'uuid', description: 'The `next_cursor` of the page before' })),
})

const Page = Type.Object({
  approvals: Type.Array(ApprovalView),
  total: Total,
  next_cursor: NextCursor,
  timestamp: Timestamp,
})

const Params = Type.Object({ id: Type.String({ format: 'uuid' }) })
const DecisionBody = Type.Object(
  { reason: Type.Optional(Type.String({ maxLength: 200, format: 'text' })) },
  { additionalProperties: false },
)

const tags = ['approvals']

/** The deciders, and the service that tells them. */
const seesAll = (request: FastifyRequest) => ['admin', 'service'].includes(callerOf(request).role)

type Parts = DeciderParts & { readonly database: Database }

export const approvalRoutes = (parts: Parts) => (app: HttpApp) => {
  app.get('/approvals', { schema: showApprovalsSchema }, showApprovals(parts))
  app.get('/approvals/:id', { schema: showApprovalSchema }, showApproval(parts))
  app.post('/approvals/:id/approve', { schema: approveSchema }, answerRequest(parts, 'approved'))
  app.post('/approvals/:id/reject', { schema: rejectSchema }, answerRequest(parts, 'rejected'))
}

const showApprovalsSchema = {
  summary: 'What waits for a second person, and what was decided, newest first',
  description: 'Staff see what they have asked for themselves; admins see all.',
  tags,
  querystring: Query,
  response: answers({ 200: Page }, 'validation_failed'),
}

const showApprovals =
  ({ database, clock }: Parts): Handler<typeof showApprovalsSchema> =>
  async (request) => {
    const { status = null, about_id = null, limit, cursor = null } = request.query
    const now = clock.now()
    const asked_by = seesAll(request) ? null : authorOf(request).subject
    const filter = { status, about_id, asked_by, now }
    const [found, total] = await Promise.all([
      listApprovals(database, filter, cursor, limit + 1),
      countApprovals(database, filter),
    ])
    const { page, next_cursor } = pageOf(found, limit, ({ id }) => id)
    return {
      approvals: page.map((one) => approvalView(one, now, isSeller(callerOf(request)))),
      total,
      next_cursor,
      timestamp: now.toISOString(),
    }
  }

const showApprovalSchema = {
  summary: 'An approval that waits, or its outcome',
  tags,
  params: Params,
  response: answers({ 200: ApprovalView }, 'approval_not_found', 'validation_failed'),
}

const showApproval =
  ({ database, clock }: Parts): Handler<typeof showApprovalSchema> =>
  async (request) => {
    const approval = await findApproval(database, request.params.id)
    const isOthers = !seesAll(request) && approval?.asked.subject !== authorOf(request).subject
    if (!approval || isOthers) throw new Problem('approval_not_found')
    return approvalView(approval, clock.now(), isSeller(callerOf(request)))
  }

const answerSchema = (summary: string) => ({
  summary,
  tags,
  params: Params,
  body: DecisionBody,
  response: answers(
    { 200: ApprovalView },
    'approval_not_found',
    'approval_own',
    'approval_decided',
    'approval_expired',
    'approval_stale',
    'own_record',
    'validation_failed',
  ),
})
const approveSchema = answerSchema('Approves what somebody else has asked for: it takes effect at once')
const rejectSchema = answerSchema('Refuses what somebody else has asked for')

const answerRequest =
  (parts: Parts, status: 'approved' | 'rejected'): Handler<typeof approveSchema> =>
  async (request) => {
    const because = withoutIdentifiers(request.body.reason?.trim() ?? '') || null
    const { customer_id: own_customer_id } = callerOf(request)
    const by = authorOf(request)
    const decided = await decide(parts, { id: request.params.id, by, status, because, own_customer_id })
    return approvalView(decided, parts.clock.now())
  }

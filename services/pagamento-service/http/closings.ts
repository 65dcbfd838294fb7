/** The routes that close the till: a day by counting its money, a month by adding up its days. */
import { type Static, Type } from 'typebox'
import { EntityId, Reais, Timestamp } from '#contracts'
import {
  ApprovalView,
  type Author,
  approvalView,
  authorName,
  authorOf,
  IdempotencyHeaders,
  once,
  writeJournal,
} from '#host'
import type { UnitOfWork } from '#messaging'
import type { Database, Tx } from '#platform/database/database'
import { withoutIdentifiers } from '#platform/free-text'
import { answers } from '#platform/http/app'
import { idBehind, NextCursor, pageById, pageOf } from '#platform/http/page'
import type { Handler, HttpApp } from '#platform/http/server'
import { toCents, toReais } from '#platform/money'
import { Problem } from '#platform/problem'
import { closeDayOrAsk, type DayCount, type ClosingParts as DayParts } from '../closings/closing-day.ts'
import {
  type Closing,
  daysOf,
  hasOpenBefore,
  insertClosing,
  listClosings,
  lockClosings,
} from '../closings/closing-store.ts'
import { dayOf, endOfMonth, totalsOf } from '../domain/closing.ts'

export interface ClosingParts extends DayParts {
  readonly database: Database
  readonly unitOfWork: UnitOfWork
}

const Reason = Type.String({ minLength: 5, maxLength: 200, format: 'text', description: 'Name no person' })
const Signed = Type.Number({ description: 'BRL, signed' })

const ClosingBody = Type.Object(
  {
    date: Type.Optional(Type.String({ format: 'date', description: 'A day of São Paulo; today unless given' })),
    month: Type.Optional(
      Type.String({ pattern: '^[0-9]{4}-(0[1-9]|1[0-2])$', description: 'Instead of a day: `2026-11`' }),
    ),
    counted: Type.Optional(Type.Number({ ...Reais, description: 'What lies in the till; of a day' })),
    float: Type.Optional(Type.Number({ ...Reais, description: 'What of it stays for the next day' })),
    withdrawals: Type.Optional(
      Type.Array(Type.Object({ amount: Reais, reason: Reason }, { additionalProperties: false }), { maxItems: 50 }),
    ),
    reason: Type.Optional(Reason),
  },
  { additionalProperties: false, examples: [{ date: '2026-03-09', counted: 5200, float: 200 }, { month: '2026-02' }] },
)

const ClosingView = Type.Object(
  {
    id: EntityId,
    kind: Type.Enum(['day', 'month']),
    period: Type.String(),
    totals: Type.Record(Type.String(), Signed, { description: 'By method, in less out' }),
    opening: Type.Optional(Signed),
    withdrawn: Type.Optional(Signed),
    expected: Type.Optional(Signed),
    counted: Type.Optional(Signed),
    difference: Type.Optional(Signed),
    float: Type.Optional(Signed),
    reason: Type.Optional(Type.String()),
    closed_by: Type.String(),
    closed_at: Timestamp,
  },
  { title: 'Closing' },
)

const tags = ['closings']

export const closingRoutes = (parts: ClosingParts) => (app: HttpApp) => {
  app.post('/closings', { schema: closeSchema }, close(parts))
  app.get('/closings', { schema: showClosingsSchema }, showClosings(parts))
}

const closeSchema = {
  summary: 'Closes the till of a day, counted, or a month',
  description:
    'What is closed is frozen: what comes later falls into the next day. A difference needs a reason. Withdrawals and differences beyond `APPROVAL_ADJUSTMENT` a person and day wait for a second person: 202. A month is closed once it is over and its days are closed.',
  tags,
  headers: IdempotencyHeaders,
  body: ClosingBody,
  response: answers(
    { 201: ClosingView, 202: ApprovalView },
    'period_closed',
    'period_not_over',
    'difference_unexplained',
    'idempotency_key_reused',
    'validation_failed',
  ),
}

type Closed = { readonly closed: Static<typeof ClosingView> } | { readonly waits: Static<typeof ApprovalView> }

const close =
  (parts: ClosingParts): Handler<typeof closeSchema> =>
  async (request, reply) => {
    const { body } = request
    refuseMisfits(body)
    const by = authorOf(request)
    const answer = await once<Closed>(request, parts, (keep) =>
      parts.unitOfWork(async (tx) => {
        const count = countOf(body, parts.clock.now())
        const done = count
          ? await closeDayOrAsk(tx, parts, by, count)
          : await closeMonth(tx, parts, by, body.month ?? '')
        if ('asked' in done) return keep(tx, { waits: approvalView(done, parts.clock.now()) })
        return keep(tx, { closed: closingView(done) })
      }),
    )
    return 'waits' in answer ? reply.code(202).send(answer.waits) : reply.code(201).send(answer.closed)
  }

type Body = Static<typeof ClosingBody>

function refuseMisfits({ date, month, counted, float, withdrawals }: Body) {
  const errors: { path: string; message: string }[] = []
  const ofDay = { date, counted, float, withdrawals }
  if (month !== undefined)
    for (const [name, value] of Object.entries(ofDay))
      if (value !== undefined) errors.push({ path: `/${name}`, message: 'is of a day' })
  if (month === undefined && counted === undefined) errors.push({ path: '/counted', message: 'is required of a day' })
  if (float !== undefined && counted !== undefined && float > counted)
    errors.push({ path: '/float', message: 'is more than was counted' })
  if (errors.length > 0) throw new Problem('validation_failed', { errors })
}

/** Undefined for a month, which is not counted. */
function countOf({ month, date, counted, float, withdrawals, reason }: Body, now: Date): DayCount | undefined {
  if (month !== undefined) return undefined
  return {
    period: date ?? dayOf(now),
    counted_cents: toCents(counted ?? 0),
    float_cents: toCents(float ?? 0),
    withdrawals: (withdrawals ?? []).map((one) => ({
      amount_cents: toCents(one.amount),
      reason: withoutIdentifiers(one.reason),
    })),
    reason: withoutIdentifiers(reason ?? '') || null,
  }
}

/** The sum of its days. */
async function closeMonth(tx: Tx, { vault, clock }: ClosingParts, by: Author, period: string): Promise<Closing> {
  const closed_at = clock.now()
  const last = await lockClosings(tx, 'month')
  const over = endOfMonth(period)
  if (closed_at < over || (await hasOpenBefore(tx, over))) throw new Problem('period_not_over')
  if (last && last.period >= period) throw new Problem('period_closed')
  const days = await daysOf(tx, period)
  const totals = totalsOf(
    days.flatMap((day) => Object.entries(day.totals).map(([method, amount_cents]) => ({ method, amount_cents }))),
  )
  const noCount = {
    opening_cents: null,
    withdrawn_cents: null,
    expected_cents: null,
    counted_cents: null,
    float_cents: null,
  }
  const closing = {
    kind: 'month',
    period,
    totals,
    ...noCount,
    reason: null,
    closed_by: authorName(by),
    closed_at,
    approval_id: null,
  } as const
  const made = await insertClosing(tx, closing, [])
  const act = { by, at: closed_at, act: 'month_closed', about: 'closing', about_id: period } as const
  await writeJournal(tx, vault, [{ ...act, after: { totals } }])
  return made
}

const showClosingsSchema = {
  summary: 'Lists closings, the newest first',
  tags,
  querystring: Type.Object({
    kind: Type.Optional(Type.Enum(['day', 'month'])),
    ...pageById,
  }),
  response: answers(
    {
      200: Type.Object({
        closings: Type.Array(ClosingView),
        next_cursor: NextCursor,
        timestamp: Timestamp,
      }),
    },
    'validation_failed',
  ),
}

const showClosings =
  ({ database, clock }: ClosingParts): Handler<typeof showClosingsSchema> =>
  async ({ query: { kind, limit, cursor } }) => {
    const found = await listClosings(database, kind, idBehind(cursor), limit + 1)
    const { page, next_cursor } = pageOf(found, limit, ({ id }) => String(id))
    return { closings: page.map(closingView), next_cursor, timestamp: clock.now().toISOString() }
  }

function closingView(closing: Closing): Static<typeof ClosingView> {
  const { id, kind, period, reason, closed_by, closed_at } = closing
  const { opening_cents, withdrawn_cents, expected_cents, counted_cents, float_cents } = closing
  const totals = Object.fromEntries(Object.entries(closing.totals).map(([method, cents]) => [method, toReais(cents)]))
  const view = {
    id,
    kind,
    period,
    totals,
    ...(reason !== null && { reason }),
    closed_by,
    closed_at: closed_at.toISOString(),
  }
  if (expected_cents === null || counted_cents === null) return view
  return {
    ...view,
    opening: toReais(opening_cents ?? 0),
    withdrawn: toReais(withdrawn_cents ?? 0),
    expected: toReais(expected_cents),
    counted: toReais(counted_cents),
    difference: toReais(counted_cents - expected_cents),
    float: toReais(float_cents ?? 0),
  }
}

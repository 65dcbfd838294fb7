/** `ops sagas` and `ops saga`: list purchases that need a look, show the history of one, and resume it. */
import { Type } from 'typebox'
import type { OpsApi } from './api.ts'
import { ago, table } from './table.ts'

const Saga = Type.Object({
  transaction_id: Type.String(),
  customer_id: Type.Integer(),
  vehicle_id: Type.Integer(),
  amount: Type.Number(),
  payment_type: Type.String(),
  status: Type.String(),
  current_step: Type.String(),
  context: Type.Object({ failure_reason: Type.Optional(Type.String()) }),
  created_at: Type.String(),
  updated_at: Type.String(),
})
const Sagas = Type.Object({ sagas: Type.Array(Saga), total: Type.Integer(), timestamp: Type.String() })
const Overdue = Type.Object({
  overdue: Type.Array(
    Type.Object({ saga: Saga, attempt: Type.Integer(), step_began_at: Type.String(), deadline: Type.String() }),
  ),
  timestamp: Type.String(),
})
const History = Type.Object({
  history: Type.Array(
    Type.Object({
      at: Type.String(),
      step: Type.String(),
      status: Type.String(),
      what: Type.String(),
      attempt: Type.Integer(),
      reason: Type.Optional(Type.String()),
    }),
  ),
})
const Decided = Type.Object({
  message: Type.String(),
  current_step: Type.Optional(Type.String()),
  status: Type.Optional(Type.String()),
})
const Resumed = Type.Object({ current_step: Type.String(), status: Type.String() })

const ORQUESTRADOR = 'orquestrador'
const NEEDS_OPERATOR = 'FAILED_REQUIRES_MANUAL_INTERVENTION'

/** Lists those that wait for an operator, unless another status is asked for. */
export async function listSagas(api: OpsApi, status = NEEDS_OPERATOR): Promise<string> {
  const route = `GET /saga-states?limit=100&status=${encodeURIComponent(status)}`
  const { sagas, total, timestamp } = await api.ask(ORQUESTRADOR, route, Sagas)
  if (sagas.length === 0) return `No purchase is ${status}.`
  const now = new Date(timestamp)
  const rows = sagas.map((saga) => ({
    purchase: saga.transaction_id,
    step: saga.current_step,
    since: ago(saga.updated_at, now),
    started: ago(saga.created_at, now),
    customer: saga.customer_id,
    vehicle: saga.vehicle_id,
    amount: saga.amount.toFixed(2),
    by: saga.payment_type,
    reason: saga.context.failure_reason ?? '',
  }))
  const note = total > sagas.length ? [`${total} in all; the newest 100 are shown.`] : []
  return [table(rows), ...note].join('\n')
}

export async function listOverdue(api: OpsApi): Promise<string> {
  const { overdue, timestamp } = await api.ask(ORQUESTRADOR, 'GET /saga-states/overdue?limit=100', Overdue)
  if (overdue.length === 0) return 'No purchase is overdue.'
  const now = new Date(timestamp)
  return table(
    overdue.map(({ saga, attempt, step_began_at, deadline }) => ({
      purchase: saga.transaction_id,
      step: saga.current_step,
      'there for': ago(step_began_at, now),
      asked: attempt,
      status: saga.status,
      next: new Date(deadline) > now ? `in ${ago(timestamp, new Date(deadline))}` : `${ago(deadline, now)} late`,
    })),
  )
}

export async function showSaga(api: OpsApi, transaction_id: string): Promise<string> {
  const path = `/saga-states/${encodeURIComponent(transaction_id)}`
  const saga = await api.ask(ORQUESTRADOR, `GET ${path}`, Saga)
  const { history } = await api.ask(ORQUESTRADOR, `GET ${path}/history`, History)
  const head = `${saga.status} at ${saga.current_step}: customer ${saga.customer_id}, vehicle ${saga.vehicle_id}, ${saga.amount.toFixed(2)} by ${saga.payment_type}`
  const rows = history.map(({ at, step, status, what, attempt, reason = '' }) => ({
    at,
    step,
    try: attempt,
    status,
    what,
    reason,
  }))
  return `${head}\n\n${table(rows)}`
}

/** `act` is give-up or redo. */
export async function decideSaga(
  api: OpsApi,
  act: 'give-up' | 'redo',
  transaction_id: string,
  reason: string,
): Promise<string> {
  const route = `POST /saga-states/${encodeURIComponent(transaction_id)}/${act}`
  const { message, current_step, status } = await api.ask(ORQUESTRADOR, route, Decided, { reason })
  return status ? `${message}: at ${current_step}, now ${status}.` : `${message}.`
}

export async function retrySaga(api: OpsApi, transaction_id: string): Promise<string> {
  const route = `POST /saga-states/${encodeURIComponent(transaction_id)}/retry`
  const { current_step, status } = await api.ask(ORQUESTRADOR, route, Resumed)
  return `Resumed at ${current_step}, now ${status}.`
}

/**
 * Redoes a purchase whose services disagree, as after a database was restored to an earlier moment. Each service answers from
 * its records, so only what is missing is done. A purchase that the orquestrador has lost is begun again from what the
 * others know of it.
 */
import { releaseCredit, releaseVehicle } from '#contracts'
import { outgoing, type UnitOfWork } from '#messaging'
import { violatedConstraint } from '#platform/database/database'
import { toCents } from '#platform/money'
import { Problem } from '#platform/problem'
import type { Saga } from '#saga'
import type { PurchaseRequest } from '../purchase-saga.ts'
import type { Neighbours } from '../purchases/neighbours.ts'
import { namedRecords, type RecordSources, type Records } from '../records/records.ts'
import type { SagaRunner } from '../runner/run-saga.ts'

export interface RedoParts {
  readonly runner: SagaRunner
  readonly neighbours: Neighbours
  readonly sources: RecordSources
  readonly unitOfWork: UnitOfWork
}

export interface Operator {
  readonly by: string
  readonly reason: string
}

/** Resolves to undefined when too little is known to begin again; what the purchase holds is then given back. */
export async function redo(parts: RedoParts, transaction_id: string, operator: Operator): Promise<Saga | undefined> {
  const records = (await namedRecords(parts.sources, [transaction_id])).get(transaction_id)
  if (!records) throw new Problem('saga_not_found')
  const { purchase, charge } = records
  if (!purchase) return beginAgain(parts, transaction_id, records, operator)
  const wouldPayTwice = purchase.payment_type === 'pix' && charge?.payment_status !== 'completed'
  if (purchase.status === 'COMPLETED' && wouldPayTwice) throw new Problem('records_missing', { missing: ['payment'] })
  return goAgain(parts, transaction_id, operator)
}

async function goAgain({ runner }: RedoParts, transaction_id: string, operator: Operator): Promise<Saga> {
  const outcome = await runner.apply(transaction_id, { kind: 'redo', ...operator })
  if (!outcome) throw new Problem('saga_not_found')
  if (outcome.refusal) throw new Problem(outcome.refusal)
  return outcome.saga
}

async function beginAgain(
  parts: RedoParts,
  transaction_id: string,
  records: Records,
  operator: Operator,
): Promise<Saga | undefined> {
  const request = await requestFrom(parts.neighbours, records)
  if (!request) return release(parts, transaction_id, records)
  const insists = records.reservation?.status === 'sold'
  try {
    return (await parts.runner.startAgain(transaction_id, request, { ...operator, insists })).saga
  } catch (error) {
    if (violatedConstraint(error) === undefined) throw error
    return goAgain(parts, transaction_id, operator) // another operator was faster: the answer says that it is under way
  }
}

async function requestFrom(
  neighbours: Neighbours,
  { hold, reservation, charge }: Records,
): Promise<PurchaseRequest | undefined> {
  const vehicle_id = charge?.vehicle_id ?? reservation?.vehicle_id
  const money = charge ?? hold
  const vehicle = vehicle_id === undefined ? undefined : await neighbours.vehicle(vehicle_id)
  if (!money || !vehicle) return undefined
  const { brand, model, year } = vehicle
  return {
    customer_id: money.customer_id,
    vehicle_id: vehicle.id,
    amount_cents: toCents(money.amount),
    payment_type: money.payment_type,
    vehicle: { brand, model, year },
  }
}

/** For a purchase that came no further than its first or second step: the other services know nothing of it. */
async function release(
  { unitOfWork }: RedoParts,
  transaction_id: string,
  { hold, reservation }: Records,
): Promise<undefined> {
  if (reservation?.status === 'sold') throw new Problem('records_missing', { missing: ['hold', 'charge'] })
  await unitOfWork(async (_tx, send) => {
    if (hold) {
      const { customer_id, amount, payment_type } = hold
      send(outgoing(releaseCredit, transaction_id, { customer_id, amount_cents: toCents(amount), payment_type }))
    }
    if (reservation) {
      const { vehicle_id, customer_id } = reservation
      send(outgoing(releaseVehicle, transaction_id, { vehicle_id, customer_id }))
    }
  })
}

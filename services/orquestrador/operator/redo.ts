/**
 * Runs a purchase, or its return, once more when its services disagree, as after a database was restored to an earlier moment.
 * Each service answers from its records, so only missing work is done. A purchase that the orquestrador itself has lost is
 * begun again from the records of the others.
 */
import { PAID_OUTSIDE, releaseCredit, releaseVehicle } from '#contracts'
import { outgoing, type UnitOfWork } from '#messaging'
import type { Database } from '#platform/database/database'
import { violatedConstraint } from '#platform/database/pg-errors'
import { toCents } from '#platform/money'
import { Problem } from '#platform/problem'
import type { Refusal, Saga } from '#saga'
import type { PurchaseRequest } from '../purchase-saga.ts'
import type { Neighbours } from '../purchases/neighbours.ts'
import { namedRecords, type RecordSources, type Records } from '../records/records.ts'
import { beginReturnAgain, type ReturnStart } from '../returns/begin-return.ts'
import { findSaga } from '../runner/saga-store.ts'

export interface RedoParts extends ReturnStart {
  readonly database: Database
  readonly neighbours: Neighbours
  readonly sources: RecordSources
  readonly unitOfWork: UnitOfWork
}

export interface Operator {
  readonly by: string
  readonly reason: string
}

/** Resolves to undefined when too little is known to begin again; the purchase's holds are then given back. */
export async function redo(parts: RedoParts, transaction_id: string, operator: Operator): Promise<Saga | undefined> {
  const itself = await parts.runner.apply(transaction_id, { kind: 'redo', ...operator }, undefined, { kind: 'return' })
  if (itself) return movedBy(itself)
  const records = (await namedRecords(parts.sources, [transaction_id])).get(transaction_id)
  if (!records) throw new Problem('saga_not_found')
  const { purchase, charge, reservation } = records
  if (reservation?.return && !purchase?.return) return redoReturn(parts, records, reservation.return, operator)
  if (!purchase) return beginAgain(parts, transaction_id, records, operator)
  const wouldPayTwice = PAID_OUTSIDE.includes(purchase.payment_type) && charge?.payment_status !== 'completed'
  if (purchase.status === 'COMPLETED' && wouldPayTwice) throw new Problem('records_missing', { missing: ['payment'] })
  return goAgain(parts, transaction_id, operator)
}

async function goAgain({ runner }: RedoParts, transaction_id: string, operator: Operator): Promise<Saga> {
  const outcome = await runner.apply(transaction_id, { kind: 'redo', ...operator })
  if (!outcome) throw new Problem('saga_not_found')
  return movedBy(outcome)
}

function movedBy({ saga, refusal }: { readonly saga: Saga; readonly refusal?: Refusal }): Saga {
  if (refusal) throw new Problem(refusal)
  return saga
}

/**
 * A return that another service has on record. If it was called off here, its hold is taken back once more. If it is lost, it is
 * begun again, behind its pivot when any service knows that the vehicle came back. Its purchase, if lost too, was completed.
 */
async function redoReturn(
  parts: RedoParts,
  { purchase, hold, reservation, charge }: Records,
  { return_id, status }: { readonly return_id: string; readonly status: 'held' | 'taken_back' },
  operator: Operator,
): Promise<Saga> {
  if (await findSaga(parts.database, return_id)) return goAgain(parts, return_id, operator)
  const purchase_id = purchase?.transaction_id ?? reservation?.transaction_id ?? ''
  const again = { ...operator, insists: true }
  if (!purchase) {
    const request = await requestFrom(parts.neighbours, { hold, reservation, charge })
    if (!request) throw new Problem('records_missing', { missing: ['hold', 'charge'] })
    await parts.runner.startAgain(purchase_id, request, { ...again, isOver: true })
  }
  const bought = await findSaga(parts.database, purchase_id)
  if (!bought) throw new Problem('saga_not_found')
  const isBack = status === 'taken_back' || hold?.status === 'returned' || isComingBack(charge)
  const receipt = isBack ? { received_at: parts.clock.now().toISOString(), mileage_km: null } : undefined
  return beginReturnAgain(parts, bought, { return_id, purchase_id }, receipt, { ...again, insists: isBack })
}

const isComingBack = (charge: Records['charge']) =>
  charge !== undefined && (charge.payment_status === 'refunded' || charge.refund_under_way || charge.owed > 0)

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

/** For a purchase that reached only its first or second step, of which the other services know nothing. */
async function release(
  { unitOfWork }: RedoParts,
  transaction_id: string,
  { hold, reservation }: Records,
): Promise<undefined> {
  if (reservation?.status === 'sold') throw new Problem('records_missing', { missing: ['hold', 'charge'] })
  await unitOfWork((_tx, send) => {
    if (hold) {
      const { customer_id, amount, payment_type } = hold
      send(outgoing(releaseCredit, transaction_id, { customer_id, amount_cents: toCents(amount), payment_type }))
    }
    if (reservation) {
      const { vehicle_id, customer_id } = reservation
      send(outgoing(releaseVehicle, transaction_id, { vehicle_id, customer_id }))
    }
    return Promise.resolve()
  })
}

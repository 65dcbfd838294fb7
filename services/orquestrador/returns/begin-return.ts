/**
 * Begins a return behind the lock of its purchase. So of two requests at once only one begins, and none begins while an
 * operator runs the purchase once more.
 */
import { purchaseReturnAsked } from '#contracts'
import { outgoing } from '#messaging'
import type { Clock, Ids } from '#platform/clock'
import { Problem } from '#platform/problem'
import type { Again, Saga } from '#saga'
import type { Receipt, ReturnRequest } from '../return-saga.ts'
import type { Witness } from '../runner/decide-batch.ts'
import type { SagaRunner } from '../runner/run-saga.ts'
import type { StoredSaga } from '../runner/saga-store.ts'
import { endReturns, findReturn, insertReturn, lockPurchase, purchasesWithReturn } from './return-store.ts'

export interface ReturnStart {
  readonly runner: SagaRunner
  readonly clock: Clock
  readonly ids: Ids
  /** How long the return waits for the vehicle. */
  readonly waitForMs: number
}

export interface Asked {
  readonly asked_by: string
  readonly reason: string | null
}

/**
 * `tells`: the act for the journal, when staff or an admin asks. Throws the problems `transaction_not_found`,
 * `not_returnable` and `taken_over`.
 */
export async function beginReturn(
  { runner, clock, ids, waitForMs }: ReturnStart,
  { data }: StoredSaga,
  purchase_id: string,
  asked: Asked,
  tells?: (return_id: string) => Witness,
): Promise<{ saga: Saga; request: ReturnRequest }> {
  const now = clock.now()
  const return_id = ids.uuid()
  const request = requestOf(data, purchase_id, new Date(now.getTime() + waitForMs))
  const { saga } = await runner.startPermitted('return', return_id, request, async (tx, send) => {
    const purchase = await lockPurchase(tx, purchase_id)
    if (!purchase) throw new Problem('transaction_not_found')
    if (purchase.status !== 'COMPLETED') throw new Problem('not_returnable', { status_of_purchase: purchase.status })
    if ((await purchasesWithReturn(tx, [purchase_id])).length > 0) throw new Problem('taken_over')
    const { customer_id, vehicle_id, amount_cents, payment_type } = request
    insertReturn(tx, { return_id, purchase_id, customer_id, vehicle_id, ...asked, asked_at: now })
    send(outgoing(purchaseReturnAsked, return_id, { purchase_id, customer_id, vehicle_id, amount_cents, payment_type }))
    await tells?.(return_id)(tx)
  })
  return { saga, request }
}

/** Begins a return again that this service has lost, with the facts that other services have on record. */
export async function beginReturnAgain(
  { runner, clock, waitForMs }: ReturnStart,
  { data }: StoredSaga,
  { return_id, purchase_id }: { readonly return_id: string; readonly purchase_id: string },
  receipt: Receipt | undefined,
  again: Again,
): Promise<Saga> {
  const now = clock.now()
  const request = { ...requestOf(data, purchase_id, new Date(now.getTime() + waitForMs)), ...receipt }
  const { saga } = await runner.startPermitted(
    'return',
    return_id,
    request,
    async (tx) => {
      await lockPurchase(tx, purchase_id)
      const { customer_id, vehicle_id } = request
      const made = { return_id, purchase_id, customer_id, vehicle_id, asked_by: again.by, reason: again.reason }
      if (await findReturn(tx, return_id)) endReturns(tx, [{ return_id, status: 'open' }], now)
      else insertReturn(tx, { ...made, asked_at: now })
    },
    again,
  )
  return saga
}

function requestOf(purchase: StoredSaga['data'], purchase_id: string, until: Date): ReturnRequest {
  const { customer_id, vehicle_id, amount_cents, payment_type, vehicle } = purchase
  const same = { customer_id, vehicle_id, amount_cents, payment_type, vehicle }
  return { ...same, purchase_id, receive_until: until.toISOString() }
}

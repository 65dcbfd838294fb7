/** THE definition of a return: from the buyer's request, after a completed purchase, to the withdrawn vehicle. */
import {
  creditReturned,
  holdForReturn,
  owePayment,
  PAID_OUTSIDE,
  paymentReturned,
  purchaseReturnCancellationFailed,
  purchaseReturnCancelled,
  purchaseReturned,
  purchaseReturnFailed,
  releaseFromReturn,
  returnCredit,
  returnPayment,
  takeBackVehicle,
  vehicleHeldForReturn,
  vehicleHoldForReturnFailed,
  vehicleReleasedFromReturn,
  vehicleTakenBack,
} from '#contracts'
import { announce, ask, saga, undo, wait } from '#saga'
import type { PurchaseRequest } from './purchase-saga.ts'

/** The purchase as it was made, and the date until which its vehicle may be brought back. */
export type ReturnRequest = PurchaseRequest & {
  readonly purchase_id: string
  /** ISO 8601, like the times below: the data is kept as JSON. */
  readonly receive_until: string
  /** What warranty claims have given back of the price already; absent until the vehicle is held, and when it is nothing. */
  readonly abated_cents?: number
}

/** The findings of the inspection. */
export interface Receipt {
  readonly received_at: string
  /** Null in a return that was begun again from the records of other services. */
  readonly mileage_km: number | null
}

type Received = ReturnRequest & Receipt

const vehicleOf = ({ purchase_id, vehicle_id, customer_id }: ReturnRequest) => ({
  purchase_id,
  vehicle_id,
  customer_id,
})

const paidFor = (request: ReturnRequest) => ({
  ...vehicleOf(request),
  amount_cents: request.amount_cents,
  payment_type: request.payment_type,
})

/** The buyer gets back what was paid, less what a warranty has given back already. */
const giveBack = (request: ReturnRequest) => ({ ...paidFor(request), ...abated(request) })

interface Abated {
  readonly abated_cents?: number
}

/** Left out where nothing was given back. */
function abated({ abated_cents = 0 }: Abated): Abated {
  return abated_cents > 0 ? { abated_cents } : {}
}

/** The amount that the step would have moved, for staff to give back by hand. */
const owed = (request: ReturnRequest, isMoved: boolean) => ({
  purchase_id: request.purchase_id,
  customer_id: request.customer_id,
  amount_cents: isMoved ? Math.max(0, request.amount_cents - (request.abated_cents ?? 0)) : 0,
  ...abated(request),
})

const held = {
  ask: ask({
    command: holdForReturn,
    from: vehicleOf,
    done: vehicleHeldForReturn,
    keep: abated,
    failed: vehicleHoldForReturnFailed,
  }),
  undo: undo({
    step: 'RETURN_HOLD_RELEASE',
    command: releaseFromReturn,
    from: vehicleOf,
    done: vehicleReleasedFromReturn,
  }),
}

/** Staff have received and inspected the vehicle. From here on the buyer gets the money back, whatever they found (CDC, art. 49). */
const receipt = {
  wait: wait({
    until: ({ receive_until }: ReturnRequest) => new Date(receive_until),
    late: 'vehicle_not_received',
    keep: ({ received_at, mileage_km }: Receipt) => ({ received_at, mileage_km }),
    isKnown: (data: Partial<Received>) => data.received_at !== undefined,
  }),
}

const credit = {
  ask: ask({
    command: returnCredit,
    from: giveBack,
    done: creditReturned,
  }),
  instead: announce(owePayment, (request: ReturnRequest) => ({
    ...owed(request, !PAID_OUTSIDE.includes(request.payment_type)),
    step: 'CREDIT_RETURN' as const,
  })),
}

const payment = {
  ask: ask({
    command: returnPayment,
    from: giveBack,
    done: paymentReturned,
    keep: ({ refunded_cents, owed_cents }) => ({ refunded_cents, owed_cents }),
  }),
  instead: announce(owePayment, (request: ReturnRequest) => ({
    ...owed(request, PAID_OUTSIDE.includes(request.payment_type)),
    step: 'PAYMENT_RETURN' as const,
  })),
}

const vehicle = {
  ask: ask({
    command: takeBackVehicle,
    from: ({ mileage_km, ...request }: Received) => ({
      ...vehicleOf(request),
      ...(mileage_km !== null && { mileage_km }),
    }),
    done: vehicleTakenBack,
  }),
}

export const returnSaga = saga<ReturnRequest>('return', 1)
  .step('HOLD_FOR_RETURN', held)
  .pivot('RETURN_RECEIPT', receipt)
  .step('CREDIT_RETURN', credit)
  .step('PAYMENT_RETURN', payment)
  .step('VEHICLE_RETURN', vehicle)
  .ends({
    completed: announce(purchaseReturned, paidFor),
    failed: announce(purchaseReturnFailed, (request: ReturnRequest, { reason, failed_step }) => ({
      ...paidFor(request),
      reason,
      failed_step,
    })),
    cancelled: announce(purchaseReturnCancelled, paidFor),
    cancellationRefused: announce(purchaseReturnCancellationFailed, (request: ReturnRequest, { reason }) => ({
      ...paidFor(request),
      reason,
    })),
  })

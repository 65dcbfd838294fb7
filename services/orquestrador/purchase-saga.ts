/** THE definition: a purchase from the credit to the key, top to bottom. contracts/ says what the owner of each step does. */
import {
  type Channel,
  creditReleased,
  creditReservationFailed,
  creditReserved,
  generatePaymentCode,
  type PaymentType,
  paymentCodeGenerated,
  paymentCodeGenerationFailed,
  paymentFailed,
  paymentProcessed,
  paymentRefunded,
  paymentRefundFailed,
  processPayment,
  purchaseCancellationFailed,
  purchaseCancelled,
  purchaseCompleted,
  purchaseFailed,
  refundPayment,
  releaseCredit,
  releaseVehicle,
  reserveCredit,
  reserveVehicle,
  vehicleReleased,
  vehicleReservationFailed,
  vehicleReserved,
} from '#contracts'
import { announce, ask, call, saga, undo } from '#saga'

/** A type alias, not an interface, so that it fits the type of the saga's data. */
export type PurchaseRequest = {
  readonly customer_id: number
  readonly vehicle_id: number
  readonly amount_cents: number
  readonly payment_type: PaymentType
  /** Who began it: the customer, or one of the staff. Absent in purchases from before it was kept. */
  readonly began_by?: string
  /** Absent in purchases from before it was asked for. */
  readonly channel?: Channel
  /** The listed price, when staff have agreed on another amount. */
  readonly list_cents?: number
  /** Who sold it, in shares of a hundred. */
  readonly sellers?: readonly { readonly id: string; readonly share: number }[]
  /** As the buyer saw it; for the frontend. */
  readonly vehicle: { readonly brand: string; readonly model: string; readonly year: number }
}

type CodedPurchase = PurchaseRequest & { readonly payment_code: string; readonly expires_at: string }
/** Without a proof when it was paid under an older release. */
type PaidPurchase = PurchaseRequest & { readonly payment_proof?: string | undefined }

const held = ({ customer_id, amount_cents, payment_type }: PurchaseRequest) => ({
  customer_id,
  amount_cents,
  payment_type,
})

const charged = (request: PurchaseRequest) => ({ ...held(request), vehicle_id: request.vehicle_id })

const credit = {
  ask: ask({
    command: reserveCredit,
    from: held,
    done: creditReserved,
    failed: creditReservationFailed,
  }),
  undo: undo({
    step: 'CREDIT_RELEASE',
    command: releaseCredit,
    from: held,
    done: creditReleased,
  }),
}

const vehicle = {
  ask: ask({
    command: reserveVehicle,
    from: ({ vehicle_id, customer_id, amount_cents, list_cents }: PurchaseRequest) => ({
      vehicle_id,
      customer_id,
      price_cents: list_cents ?? amount_cents,
      ...(list_cents !== undefined && { agreed_cents: amount_cents }),
    }),
    done: vehicleReserved,
    failed: vehicleReservationFailed,
  }),
  undo: undo({
    step: 'VEHICLE_RELEASE',
    command: releaseVehicle,
    from: ({ vehicle_id, customer_id }: PurchaseRequest) => ({ vehicle_id, customer_id }),
    done: vehicleReleased,
  }),
}

const paymentCode = {
  ask: ask({
    command: generatePaymentCode,
    from: charged,
    done: paymentCodeGenerated,
    failed: paymentCodeGenerationFailed,
    keep: ({ payment_code, expires_at, pix_copy_paste }) => ({ payment_code, expires_at, pix_copy_paste }),
  }),
  undo: undo({
    step: 'PAYMENT_REFUND',
    command: refundPayment,
    from: (request: PurchaseRequest, { resumptions }) => ({ ...charged(request), resumptions }),
    done: paymentRefunded,
    failed: paymentRefundFailed,
  }),
}

/** Payments at the counter have no deadline: a code that holds money never expires by itself. */
const NEVER = new Date('9999-12-31T00:00:00Z')

/** A Pix buyer may take as long as the code lives; pagamento-service reports when it has expired. */
const payment = {
  ask: ask({
    command: processPayment,
    from: ({ payment_code }: CodedPurchase) => ({ payment_code }),
    done: paymentProcessed,
    failed: paymentFailed,
    keep: ({ payment_id, proof }) => ({ payment_id, payment_proof: proof }),
    waitsUntil: ({ payment_type, expires_at }: CodedPurchase) => {
      if (payment_type === 'counter') return NEVER
      return payment_type === 'pix' ? new Date(expires_at) : undefined
    },
  }),
}

const sale = {
  call: call({
    name: 'mark_vehicle_as_sold',
    from: ({ vehicle_id, payment_proof }: PaidPurchase) => ({ vehicle_id, payment_proof }),
    // sealed by now; absent when the vehicle was picked up before this answer came
    keep: ({ pickup_code }: { pickup_code?: string }) => ({ pickup_code }),
  }),
}

export const purchaseSaga = saga<PurchaseRequest>('purchase', 1)
  .step('CREDIT_RESERVATION', credit)
  .step('VEHICLE_RESERVATION', vehicle)
  .step('PAYMENT_CODE_GENERATION', paymentCode)
  .step('PAYMENT_PROCESSING', payment)
  .pivot('MARK_VEHICLE_AS_SOLD', sale)
  .ends({
    completed: announce(purchaseCompleted, charged),
    failed: announce(purchaseFailed, (request: PurchaseRequest, { reason, failed_step }) => ({
      ...charged(request),
      reason,
      failed_step,
    })),
    // a person typed the reason, and may have typed anything, so it stays with the saga
    cancelled: announce(purchaseCancelled, (request: PurchaseRequest, { failed_step }) => ({
      ...charged(request),
      reason: 'cancelled',
      cancelled_step: failed_step,
    })),
    cancellationRefused: announce(purchaseCancellationFailed, (request: PurchaseRequest, { reason }) => ({
      ...charged(request),
      reason,
    })),
  })

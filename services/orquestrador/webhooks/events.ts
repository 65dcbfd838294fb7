/** Turns events of purchases into deliveries, one for each subscription, without personal data. */
import {
  type BodyOf,
  type MessageContract,
  purchaseCancellationFailed,
  purchaseCancelled,
  purchaseCompleted,
  purchaseFailed,
  purchaseReturnAsked,
  purchaseReturnCancellationFailed,
  purchaseReturnCancelled,
  purchaseReturned,
  purchaseReturnFailed,
  vehicleAwaitingPickup,
} from '#contracts'
import type { MessageIntake } from '#messaging'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database/database'
import { toReais } from '#platform/money'
import { causeOf, traceparentOf } from '#platform/tracing'
import { insertDeliveries } from './delivery-store.ts'
import { hasSubscribers } from './subscription-store.ts'

export interface WebhookIntakeParts {
  readonly database: Database
  readonly clock: Clock
  /** Called when a delivery is due. */
  readonly onDue: (at: Date) => void
}

/** How long events wait for company: nobody is waiting for a webhook. */
const GATHER_MS = 100

export function webhookIntakes(parts: WebhookIntakeParts): MessageIntake[] {
  return [
    intake(parts, purchaseCompleted, 'orquestrador-purchase-completed-sub', () => ({})),
    intake(parts, purchaseFailed, 'orquestrador-purchase-failed-sub', ({ reason, failed_step }) => ({
      reason,
      failed_step,
    })),
    intake(parts, purchaseCancelled, 'orquestrador-purchase-cancelled-sub', ({ cancelled_step }) => ({
      cancelled_step,
    })),
    intake(parts, purchaseCancellationFailed, 'orquestrador-purchase-cancellation-failed-sub', ({ reason }) => ({
      reason,
    })),
    intake(parts, purchaseReturnAsked, 'orquestrador-purchase-return-asked-sub', purchaseOf),
    intake(parts, purchaseReturned, 'orquestrador-purchase-returned-sub', purchaseOf),
    intake(parts, purchaseReturnFailed, 'orquestrador-purchase-return-failed-sub', (body) => ({
      ...purchaseOf(body),
      reason: body.reason,
      failed_step: body.failed_step,
    })),
    intake(parts, purchaseReturnCancelled, 'orquestrador-purchase-return-cancelled-sub', purchaseOf),
    intake(parts, purchaseReturnCancellationFailed, 'orquestrador-purchase-return-cancellation-failed-sub', (body) => ({
      ...purchaseOf(body),
      reason: body.reason,
    })),
    telling(parts, vehicleAwaitingPickup, 'orquestrador-vehicle-awaiting-pickup-sub', (waiting) => waiting),
  ]
}

/** For events of a return, whose `transaction_id` is the return's. */
const purchaseOf = ({ purchase_id }: BodyOf<typeof purchaseReturned>) => ({ purchase_id })

export const WEBHOOK_EVENTS = [
  purchaseCompleted.topic,
  purchaseFailed.topic,
  purchaseCancelled.topic,
  purchaseCancellationFailed.topic,
  purchaseReturnAsked.topic,
  purchaseReturned.topic,
  purchaseReturnFailed.topic,
  purchaseReturnCancelled.topic,
  purchaseReturnCancellationFailed.topic,
  vehicleAwaitingPickup.topic,
]

/** Of a purchase or its return. */
const intake = <Contract extends MessageContract<typeof purchaseCompleted.body>>(
  parts: WebhookIntakeParts,
  contract: Contract,
  subscription: Contract['subscriptions'][number],
  particulars: (body: BodyOf<Contract>) => object,
): MessageIntake =>
  telling(parts, contract, subscription, (body) => {
    const { customer_id, vehicle_id, amount_cents, payment_type } = body
    return { customer_id, vehicle_id, amount: toReais(amount_cents), payment_type, ...particulars(body) }
  })

/** `dataOf`: the data that subscribers get. */
function telling<Contract extends MessageContract>(
  { database, clock, onDue }: WebhookIntakeParts,
  contract: Contract,
  subscription: Contract['subscriptions'][number],
  dataOf: (body: BodyOf<Contract>) => object,
): MessageIntake {
  return {
    contract,
    subscription,
    gatherMs: GATHER_MS,
    async take(messages) {
      if (!(await hasSubscribers(database, contract.topic))) return
      const events = messages.map(({ message_id, type, transaction_id, occurred_at, body }) => {
        const data = dataOf(body as BodyOf<Contract>) // the consumer has checked it against the contract
        const told = JSON.stringify({ id: message_id, type, transaction_id, occurred_at, data })
        const traceparent = traceparentOf(causeOf(transaction_id)) ?? null
        return { event_id: message_id, type, transaction_id, body: told, traceparent }
      })
      if ((await insertDeliveries(database, events, clock.now())) > 0) onDue(clock.now())
    },
  }
}

/** The events that cause mails: each leaves a row, keyed by the event, in the transaction that takes the event. */
import {
  approvalWaiting,
  customerNotice,
  identityNotice,
  type Message,
  type MessageContract,
  paymentCodeGenerated,
  paymentProcessed,
  purchaseCancelled,
  purchaseCompleted,
  purchaseFailed,
  purchaseReturnAsked,
  purchaseReturnCancelled,
  purchaseReturned,
  purchaseReturnFailed,
} from '#contracts'
import { handler, type MessageHandler } from '#messaging'
import type { Clock } from '#platform/clock'
import type { PurchaseKind } from '../domain/purchase-letters.ts'
import type { ReturnKind } from '../domain/return-letters.ts'
import { ACCOUNT, APPROVAL, DATA } from './compose.ts'
import { insertMails } from './mail-store.ts'

interface Telling {
  readonly kind: PurchaseKind | ReturnKind | typeof ACCOUNT | typeof DATA | typeof APPROVAL
  /** Milliseconds after the event. */
  readonly afterMs: number
}

const DAY_MS = 86_400_000
const now = (kind: Telling['kind']): Telling => ({ kind, afterMs: 0 })

/** `onNew` is called when there is a mail to send. */
export function mailEvents(clock: Clock, onNew: () => void): MessageHandler[] {
  const told = <Contract extends MessageContract>(
    contract: Contract,
    subscription: Contract['subscriptions'][number],
    tellings: (message: Message) => readonly Telling[],
  ) =>
    handler(contract, subscription, async (tx, messages) => {
      const at = clock.now()
      const mails = messages.flatMap((message) =>
        tellings(message).map(({ kind, afterMs }) => ({
          key: `${message.type} ${message.transaction_id} ${kind}`,
          kind,
          subscription,
          message,
          due_at: new Date(at.getTime() + afterMs),
        })),
      )
      if (mails.length === 0) return
      await insertMails(tx, mails, at)
      onNew()
    })

  const isPix = ({ body }: Message) => (body as { pix_copy_paste?: string }).pix_copy_paste !== undefined
  return [
    told(identityNotice, 'avisos-service-identity-notice-sub', () => [now(ACCOUNT)]),
    told(customerNotice, 'avisos-service-customer-notice-sub', () => [now(DATA)]),
    told(approvalWaiting, 'avisos-service-notice-approval-waiting-sub', () => [now(APPROVAL)]),
    told(purchaseReturnAsked, 'avisos-service-purchase-return-asked-sub', () => [now('return_asked')]),
    told(purchaseReturned, 'avisos-service-purchase-returned-sub', () => [now('returned')]),
    told(purchaseReturnFailed, 'avisos-service-purchase-return-failed-sub', () => [now('return_failed')]),
    told(purchaseReturnCancelled, 'avisos-service-purchase-return-cancelled-sub', () => [now('return_cancelled')]),
    told(paymentCodeGenerated, 'avisos-service-payment-code-generated-sub', (message) =>
      isPix(message) ? [now('pix_waiting')] : [],
    ),
    told(paymentProcessed, 'avisos-service-payment-processed-sub', () => [now('payment_received')]),
    told(purchaseCompleted, 'avisos-service-purchase-completed-sub', () => [
      now('ready_for_pickup'),
      { kind: 'pickup_reminder', afterMs: 3 * DAY_MS },
      { kind: 'pickup_reminder_again', afterMs: 10 * DAY_MS },
    ]),
    told(purchaseFailed, 'avisos-service-purchase-failed-sub', () => [now('purchase_failed')]),
    told(purchaseCancelled, 'avisos-service-purchase-cancelled-sub', () => [now('purchase_cancelled')]),
  ]
}

/** The purchases of the next release: those of this one, and version 2, which looks at the credit again before the sale. */
import { creditReservationFailed, creditReserved, reserveCredit } from '#contracts'
import { ask, type SagaDefinition, type StepDefinition } from '#saga'
import { type PurchaseRequest, purchaseSaga } from '../../services/orquestrador/purchase-saga.ts'

/** The hold is a record, so a second request gets the same one. */
const creditCheck: StepDefinition = {
  kind: 'ask',
  name: 'CREDIT_CHECK',
  ask: ask({
    command: reserveCredit,
    from: ({ customer_id, amount_cents, payment_type }: PurchaseRequest) => ({
      customer_id,
      amount_cents,
      payment_type,
    }),
    done: creditReserved,
    failed: creditReservationFailed,
  }),
}

const { steps, pivot } = purchaseSaga
const sale = steps.findIndex(({ name }) => name === pivot)

const nextPurchase: SagaDefinition = {
  ...purchaseSaga,
  version: purchaseSaga.version + 1,
  steps: [...steps.slice(0, sale), creditCheck, ...steps.slice(sale)],
}

export const definitions: readonly SagaDefinition[] = [purchaseSaga, nextPurchase]

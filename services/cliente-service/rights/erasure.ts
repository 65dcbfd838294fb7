/**
 * Erasing a person. Their own row decides: behind its lock no purchase is going on and none can begin. What they were goes
 * in that transaction, and with it the news for the other services, which erase what they hold and answer.
 */
import {
  type BodyOf,
  customerErased,
  type Message,
  type MessageContract,
  paymentCustomerErased,
  purchaseCustomerErased,
  vehicleCustomerErased,
} from '#contracts'
import { forgetAnswers } from '#host'
import { handler, type MessageHandler, outgoing, type Send, type UnitOfWork } from '#messaging'
import type { Clock, Ids } from '#platform/clock'
import type { Tx } from '#platform/database/database'
import type { Vault } from '#platform/vault/vault'
import { lockCustomer, updateCustomer, updateStanding } from '../customers/customer-store.ts'
import { erased, type Periods, retainedRecords } from '../domain/erasure.ts'
import { forgetChanges } from './changes-store.ts'
import {
  type Erasure,
  eraseRecords,
  findErasure,
  hasPurchaseInProgress,
  insertErasure,
  lockOutlived,
  recordAnswers,
  takeUnanswered,
} from './erasure-store.ts'
import { purchasesOf } from './records-store.ts'

export interface ErasureParts {
  readonly unitOfWork: UnitOfWork
  readonly vault: Vault
  readonly clock: Clock
  readonly ids: Ids
  readonly periods: Periods
}

/**
 * Asked for again, it is the same erasure; those who have not answered yet are told again. `only`: of a customer whose last
 * change this is.
 */
export const erase = (
  { unitOfWork, vault, clock, ids, periods }: ErasureParts,
  customer_id: number,
  requested_by: string,
  only: (changed: Date) => boolean = () => true,
): Promise<Erasure | 'customer_not_found' | 'purchase_in_progress'> =>
  unitOfWork(async (tx, send) => {
    const now = clock.now()
    const customer = await lockCustomer(tx, vault, customer_id)
    if (!customer || !only(customer.updated_at)) return 'customer_not_found'
    const before = await findErasure(tx, customer_id)
    if (before) {
      tell(send, before)
      return before
    }
    if (await hasPurchaseInProgress(tx, customer_id)) return 'purchase_in_progress'

    const retained = retainedRecords(customer, await purchasesOf(tx, customer_id), now, periods)
    const untils = retained.map(({ until }) => Date.parse(until))
    const erasure: Erasure = {
      customer_id,
      person_id: ids.uuid(),
      requested_at: now,
      requested_by,
      retained,
      keep_until: untils.length > 0 ? new Date(Math.max(...untils)) : null,
      records_id: null,
      records_erased_at: null,
    }
    const nobody = erased(customer, now)
    await updateCustomer(tx, vault, nobody)
    await updateStanding(tx, vault, nobody)
    await forgetAnswers(tx, [customer_id])
    await forgetChanges(tx, customer_id)
    await insertErasure(tx, erasure)
    tell(send, erasure)
    return erasure
  })

function tell(send: Send, { customer_id, person_id, records_id }: Erasure) {
  const what = records_id === null ? 'person' : 'records'
  send(outgoing(customerErased, records_id ?? person_id, { customer_id, what }))
}

/** The answers of the others. */
export const erasureAnswers = (clock: Clock): MessageHandler[] => [
  answers(vehicleCustomerErased, 'cliente-service-vehicle-customer-erased-sub', 'veiculo-service', clock),
  answers(paymentCustomerErased, 'cliente-service-payment-customer-erased-sub', 'pagamento-service', clock),
  answers(purchaseCustomerErased, 'cliente-service-purchase-customer-erased-sub', 'orquestrador', clock),
]

const answers = <Contract extends MessageContract>(
  contract: Contract,
  subscription: Contract['subscriptions'][number],
  service: string,
  clock: Clock,
) =>
  handler(contract, subscription, (tx: Tx, messages: readonly Message<BodyOf<Contract>>[]) =>
    recordAnswers(
      tx,
      service,
      messages.map(({ transaction_id }) => transaction_id),
      clock.now(),
    ),
  )

/** Tells the others once more what they have not answered to since `before`; returns how many erasures those are. */
export const tellAgain = ({ unitOfWork, clock }: ErasureParts, before: Date, limit: number): Promise<number> =>
  unitOfWork(async (tx, send) => {
    const unanswered = await takeUnanswered(tx, before, clock.now(), limit)
    for (const erasure of unanswered) tell(send, erasure)
    return unanswered.length
  })

/** Erases the records whose time is over at `now`; returns of how many people. */
export const eraseOutlived = ({ unitOfWork, ids }: ErasureParts, now: Date, limit: number): Promise<number> =>
  unitOfWork(async (tx, send) => {
    const outlived = await lockOutlived(tx, now, limit)
    for (const erasure of outlived) {
      const records_id = ids.uuid()
      await eraseRecords(tx, erasure, records_id, now)
      tell(send, { ...erasure, records_id })
    }
    return outlived.length
  })

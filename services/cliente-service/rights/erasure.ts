/**
 * Erasing a person. Their own row decides: while it is locked, no purchase is running and none can begin. That transaction
 * deletes their data and tells the other services, which erase theirs and answer. A person who owes, is owed, or has not picked
 * up their vehicle stays known until that is settled; then the erasure goes on automatically.
 */
import {
  type BodyOf,
  customerErased,
  identityCustomerErased,
  type Message,
  type MessageContract,
  paymentCustomerErased,
  purchaseCustomerErased,
  vehicleCustomerErased,
} from '#contracts'
import { type Act, type ApprovalKind, type Author, forgetActsAbout, forgetAnswers, writeJournal } from '#host'
import { handler, type MessageHandler, outgoing, type Send, type UnitOfWork } from '#messaging'
import { type Alarm, startAlarm } from '#platform/alarm'
import type { Clock, Ids } from '#platform/clock'
import type { Queryable, Tx } from '#platform/database/database'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import { type CustomerRow, lockCustomer, updateCustomer, updateStanding } from '../customers/customer-store.ts'
import { forgetNotices } from '../customers/notice-store.ts'
import { block } from '../domain/customer.ts'
import {
  type Elsewhere,
  erased,
  LEAVING,
  openAccount,
  type Periods,
  retainedRecords,
  stillKnown,
} from '../domain/erasure.ts'
import { archiveIdentity } from './archive-store.ts'
import { rememberBlock } from './blocked-documents-store.ts'
import { forgetChanges, insertConsents } from './changes-store.ts'
import {
  type Erasure,
  eraseRecords,
  findErasure,
  hasPurchaseInProgress,
  keepErasure,
  lockOutlived,
  recordAnswers,
  takeSettled,
  takeUnanswered,
} from './erasure-store.ts'
import type { Peers } from './peers.ts'
import { purchasesOf } from './records-store.ts'

export interface ErasureParts {
  readonly unitOfWork: UnitOfWork
  readonly vault: Vault
  readonly clock: Clock
  readonly ids: Ids
  readonly periods: Periods
  readonly database: Queryable
  /** Asks veiculo-service and pagamento-service for open matters. Rejects if one of them does not answer. */
  readonly elsewhere: (customer_id: number) => Promise<Elsewhere>
}

/**
 * Asked for again, it is the same erasure: services that have not answered are told again, and open matters are looked at anew.
 * `only`: if the customer's last change is this one.
 */
export async function erase(
  parts: ErasureParts,
  customer_id: number,
  requested_by: string,
  only?: (changed: Date) => boolean,
): Promise<Erasure | ErasureRefusal> {
  // before the lock: a vehicle that was handed over stays so, and a purchase that comes later counts as open
  const elsewhere = await parts.elsewhere(customer_id)
  return parts.unitOfWork((tx, send) => eraseWithin(tx, send, parts, elsewhere, { customer_id, requested_by }, only))
}

type ErasureRefusal = 'customer_not_found' | 'purchase_in_progress'

/** The erasure that one person has asked for, once a second person agrees. */
export const erasureKind = (parts: ErasureParts, peers: Peers): ApprovalKind => ({
  kind: 'erasure',
  async prepare({ about_id }) {
    if (await peers.hasPurchaseInProgress(Number(about_id))) throw new Problem('purchase_in_progress')
    return parts.elsewhere(Number(about_id))
  },
  async carryOut(tx, send, { id, about_id, asked, reason }, _by, prepared) {
    const wish = { customer_id: Number(about_id), requested_by: `${asked.role} ${asked.subject}` }
    const erasure = await eraseWithin(tx, send, parts, prepared as Elsewhere, wish)
    if (typeof erasure === 'string') throw new Problem(erasure)
    await writeJournal(tx, parts.vault, [erasureAct(wish.customer_id, asked, parts.clock.now(), reason, id)])
  },
})

export const erasureAct = (
  customer_id: number,
  by: Author,
  at: Date,
  reason: string | null,
  approval_id?: string,
): Act => ({
  ...{ by, at, act: 'erasure_requested', about: 'customer', about_id: customer_id, reason },
  ...(approval_id && { approval_id }),
})

export async function eraseWithin(
  tx: Tx,
  send: Send,
  parts: ErasureParts,
  elsewhere: Elsewhere,
  { customer_id, requested_by }: Pick<Erasure, 'customer_id' | 'requested_by'>,
  only: (changed: Date) => boolean = () => true,
): Promise<Erasure | ErasureRefusal> {
  const now = parts.clock.now()
  const customer = await lockCustomer(tx, parts.vault, customer_id)
  if (!customer || !only(customer.updated_at)) return 'customer_not_found'
  const before = await findErasure(tx, customer_id)
  if (before && before.open_account === null) {
    tell(send, before)
    return before
  }
  if (await hasPurchaseInProgress(tx, customer_id)) return before ?? 'purchase_in_progress'

  const purchases = await purchasesOf(tx, customer_id)
  const open = openAccount(customer, purchases, elsewhere)
  const { requested_at = now } = before ?? {}
  const retained = retainedRecords(open, purchases, requested_at, parts.periods)
  const untils = retained.map(({ until }) => Date.parse(until))
  const claimable = retained.some(
    ({ records, until }) => records === 'open_account' && Date.parse(until) > now.getTime(),
  )
  const erasure: Erasure = {
    ...(before ?? { customer_id, person_id: parts.ids.uuid(), requested_at, requested_by }),
    retained,
    keep_until: untils.length > 0 ? new Date(Math.max(...untils)) : null,
    open_account: claimable ? open : null,
    records_id: null,
    records_erased_at: null,
    told_at: claimable ? null : now,
  }
  if (purchases.length > 0 && customer.status !== 'erased') await archiveIdentity(tx, parts.vault, customer, now)
  if (claimable) await keepKnown(tx, parts.vault, customer, erasure, before === undefined, now)
  else await letGo(tx, parts.vault, customer, now)
  await keepErasure(tx, erasure, now)
  if (!claimable) tell(send, erasure)
  return erasure
}

/** Staff may allow a person who has changed their mind to buy again: later looks do not block them anew. */
async function keepKnown(
  tx: Tx,
  vault: Vault,
  customer: CustomerRow,
  { requested_by }: Erasure,
  isFirst: boolean,
  now: Date,
) {
  const known = stillKnown(customer, now)
  const withdrawn = Object.entries(customer.consents ?? {}).filter(([, given]) => given)
  insertConsents(
    tx,
    customer.id,
    withdrawn.map(([purpose]) => ({ purpose, given: false, text_version: '-', at: now, recorded_by: requested_by })),
  )
  const written = await updateCustomer(tx, vault, known)
  if (!isFirst || known.status !== 'active') return
  const blocked = block(written, LEAVING, now)
  if (typeof blocked !== 'string') await updateStanding(tx, vault, blocked)
}

async function letGo(tx: Tx, vault: Vault, customer: CustomerRow, now: Date) {
  await rememberBlock(tx, vault, customer)
  const nobody = erased(customer, now)
  await updateCustomer(tx, vault, nobody)
  await updateStanding(tx, vault, nobody)
  await forgetAnswers(tx, [customer.id])
  await forgetChanges(tx, customer.id)
  await forgetActsAbout(tx, 'customer', customer.id)
  await forgetNotices(tx, customer.id)
}

/** Goes on with waiting people whose matters are settled, or of whom nothing can be claimed any more; returns how many were erased. */
export async function settleOpen(parts: ErasureParts, limit = 50): Promise<number> {
  const now = parts.clock.now()
  let gone = 0
  for (const { customer_id, requested_by } of await takeSettled(parts.database, now, limit)) {
    const outcome = await erase(parts, customer_id, requested_by)
    if (typeof outcome === 'object' && outcome.open_account === null) gone += 1
  }
  return gone
}

function tell(send: Send, { customer_id, person_id, records_id }: Erasure) {
  const what = records_id === null ? 'person' : 'records'
  send(outgoing(customerErased, records_id ?? person_id, { customer_id, what }))
}

/** The time between two looks at waiting people, who are few and found by an index of their own. */
const LOOK_EVERY_MS = 5_000

/** However an account is settled (a payout, a payment, a pickup), its erasure goes on within seconds. */
export const startSettling = (
  parts: ErasureParts,
  afterwards: () => Promise<unknown>,
  onError: (error: unknown) => void,
): Alarm =>
  startAlarm(
    async () => {
      await settleOpen(parts)
      await afterwards()
      return new Date(Date.now() + LOOK_EVERY_MS)
    },
    onError,
    LOOK_EVERY_MS,
  )

/** Handles the answers of the other services. */
export const erasureAnswers = (clock: Clock): MessageHandler[] => [
  answers(vehicleCustomerErased, 'cliente-service-vehicle-customer-erased-sub', 'veiculo-service', clock),
  answers(paymentCustomerErased, 'cliente-service-payment-customer-erased-sub', 'pagamento-service', clock),
  answers(identityCustomerErased, 'cliente-service-identity-customer-erased-sub', 'identidade-service', clock),
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

/** Announces erasures again that have lacked an answer since `before`; returns how many. */
export const tellAgain = ({ unitOfWork, clock }: ErasureParts, before: Date, limit: number): Promise<number> =>
  unitOfWork(async (tx, send) => {
    const unanswered = await takeUnanswered(tx, before, clock.now(), limit)
    for (const erasure of unanswered) tell(send, erasure)
    return unanswered.length
  })

/** Erases records that need not be kept any longer; returns for how many people. */
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

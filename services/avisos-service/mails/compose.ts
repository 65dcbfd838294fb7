/** Makes a mail from an event: asks the event's owner and writes the letter, or says that there is nothing to tell any more. */
import type { approvalWaiting, BodyOf, purchaseReturned } from '#contracts'
import type { Clock } from '#platform/clock'
import { accountLetter } from '../domain/account-letters.ts'
import { approvalLetter } from '../domain/approval-letters.ts'
import { dataLetter } from '../domain/data-letters.ts'
import { type Written, written } from '../domain/letter.ts'
import { isReminder, PURCHASE_KINDS, type PurchaseKind, purchaseLetter } from '../domain/purchase-letters.ts'
import { RETURN_KINDS, type ReturnKind, returnLetter } from '../domain/return-letters.ts'
import type { Owners } from '../owners/owners.ts'
import type { WaitingMail } from './mail-store.ts'

export interface Composed {
  readonly mail: Written
  readonly to: { readonly name?: string | undefined; readonly address: string }
}

/** A word for why no mail is sent. */
type Dropped = 'gone' | 'too late' | 'unknown kind' | 'no address' | 'unproven address' | 'unsubscribed'

export type Compose = (mail: WaitingMail) => Promise<Composed | Dropped>

export interface ComposeParts {
  readonly owners: Owners
  readonly clock: Clock
  readonly origin: string
  /** Whether they asked not to be reminded. */
  readonly isUnsubscribed: (customer_id: number) => Promise<boolean>
  /** The signed link by which they ask for that. */
  readonly unsubscribeLink: (customer_id: number) => string
}

export const ACCOUNT = 'account'
export const DATA = 'data'
export const APPROVAL = 'approval_waiting'

export const composer =
  (parts: ComposeParts): Compose =>
  (mail) => {
    const { transaction_id, body } = mail.message
    if (mail.kind === ACCOUNT) return ofAccount(parts, transaction_id)
    if (mail.kind === DATA) return ofData(parts, transaction_id)
    if (mail.kind === APPROVAL) return ofApproval(parts, body as BodyOf<typeof approvalWaiting>)
    const back = RETURN_KINDS.find((known) => known === mail.kind)
    if (back) return ofReturn(parts, back, (body as BodyOf<typeof purchaseReturned>).purchase_id)
    const kind = PURCHASE_KINDS.find((known) => known === mail.kind)
    return kind ? ofPurchase(parts, kind, transaction_id) : Promise.resolve('unknown kind')
  }

async function ofAccount({ owners, clock, origin }: ComposeParts, id: string): Promise<Composed | Dropped> {
  const notice = await owners.notice(id)
  if (!notice) return 'gone'
  if (Date.parse(notice.expires_at) <= clock.now().getTime()) return 'too late'
  const letter = accountLetter(notice, origin)
  if (!letter) return 'unknown kind'
  return { mail: written(letter), to: { name: letter.to, address: notice.email } }
}

async function ofData({ owners, clock, origin }: ComposeParts, id: string): Promise<Composed | Dropped> {
  const notice = await owners.dataNotice(id)
  if (!notice) return 'gone'
  if (notice.email === null) return 'no address'
  if (Date.parse(notice.expires_at) <= clock.now().getTime()) return 'too late'
  const letter = dataLetter(notice, origin)
  if (!letter) return 'unknown kind'
  return { mail: written(letter), to: { name: letter.to, address: notice.email } }
}

async function ofApproval(
  { owners, origin }: ComposeParts,
  { service, approval_id, account_id }: BodyOf<typeof approvalWaiting>,
): Promise<Composed | Dropped> {
  const decider = (await owners.deciders()).find((one) => one.account_id === account_id)
  if (!decider) return 'gone'
  const approval = await owners.approval(service, approval_id)
  if (approval?.status !== 'waiting') return 'too late'
  const name = decider.name ?? undefined
  return { mail: written(approvalLetter(approval, name, origin)), to: { name, address: decider.email } }
}

/** A purchase and its buyer, who has proved the address: unproved addresses get only codes. */
async function buyerOf({ owners }: ComposeParts, id: string) {
  const purchase = await owners.purchase(id)
  const customer = purchase && (await owners.customer(purchase.customer_id))
  if (!customer || customer.status === 'erased') return 'gone' as const
  const { name, email, email_proven } = customer
  if (email === null || name === null) return 'no address' as const
  if (!email_proven) return 'unproven address' as const
  return { purchase, customer: { id: customer.id, name }, to: { name, address: email } }
}

async function ofReturn(parts: ComposeParts, kind: ReturnKind, purchase_id: string): Promise<Composed | Dropped> {
  const found = await buyerOf(parts, purchase_id)
  if (typeof found === 'string') return found
  return { mail: written(returnLetter(kind, found.purchase, found.customer.name, parts.origin)), to: found.to }
}

async function ofPurchase(parts: ComposeParts, kind: PurchaseKind, id: string): Promise<Composed | Dropped> {
  const { origin, isUnsubscribed, unsubscribeLink } = parts
  const found = await buyerOf(parts, id)
  if (typeof found === 'string') return found
  const { purchase, customer, to } = found
  if (isReminder(kind) && (await isUnsubscribed(customer.id))) return 'unsubscribed'
  const letter = purchaseLetter(kind, purchase, customer.name, origin)
  if (!letter) return 'too late'
  const unsubscribe = isReminder(kind) ? unsubscribeLink(customer.id) : undefined
  return { mail: written({ ...letter, unsubscribe }), to }
}

/** Makes a mail from an event: asks the event's owner and writes the letter, or says that there is nothing to tell any more. */
import type { Clock } from '#platform/clock'
import { accountLetter } from '../domain/account-letters.ts'
import { type Written, written } from '../domain/letter.ts'
import { isReminder, PURCHASE_KINDS, type PurchaseKind, purchaseLetter } from '../domain/purchase-letters.ts'
import type { Owners } from '../owners/owners.ts'
import type { WaitingMail } from './mail-store.ts'

export interface Composed {
  readonly mail: Written
  readonly to: { readonly name?: string | undefined; readonly address: string }
}

/** A word for why no mail is sent. */
type Dropped = 'gone' | 'too late' | 'unknown kind' | 'no address' | 'unsubscribed'

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

export const composer =
  (parts: ComposeParts): Compose =>
  async (mail) => {
    if (mail.kind === ACCOUNT) return ofAccount(parts, mail.message.transaction_id)
    const kind = PURCHASE_KINDS.find((known) => known === mail.kind)
    return kind ? ofPurchase(parts, kind, mail.message.transaction_id) : 'unknown kind'
  }

async function ofAccount({ owners, clock, origin }: ComposeParts, id: string): Promise<Composed | Dropped> {
  const notice = await owners.notice(id)
  if (!notice) return 'gone'
  if (Date.parse(notice.expires_at) <= clock.now().getTime()) return 'too late'
  const letter = accountLetter(notice, origin)
  if (!letter) return 'unknown kind'
  return { mail: written(letter), to: { name: letter.to, address: notice.email } }
}

async function ofPurchase(parts: ComposeParts, kind: PurchaseKind, id: string): Promise<Composed | Dropped> {
  const { owners, origin, isUnsubscribed, unsubscribeLink } = parts
  const purchase = await owners.purchase(id)
  const customer = purchase && (await owners.customer(purchase.customer_id))
  if (!customer || customer.status === 'erased') return 'gone'
  if (customer.email === null) return 'no address'
  if (isReminder(kind) && (await isUnsubscribed(customer.id))) return 'unsubscribed'
  const letter = purchaseLetter(kind, purchase, customer.name, origin)
  if (!letter) return 'too late'
  const unsubscribe = isReminder(kind) ? unsubscribeLink(customer.id) : undefined
  return { mail: written({ ...letter, unsubscribe }), to: { name: customer.name, address: customer.email } }
}

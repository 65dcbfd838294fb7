/** Moves money by hand, alone or with an approval, with the author in the ledger and in the journal. */

import { type MONEY_METHODS, moneyMovedByHand } from '#contracts'
import {
  type Approval,
  type ApprovalKind,
  type Approvals,
  type Author,
  authorName,
  type FindSuspicions,
  writeJournal,
} from '#host'
import { outgoing, type Send } from '#messaging'
import type { Clock, Ids } from '#platform/clock'
import type { Database, Tx } from '#platform/database/database'
import { toReais } from '#platform/money'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import { type CustomerRow, lockCustomer } from '../customers/customer-store.ts'
import { type Adjustment, adjust, isBeyond } from '../domain/adjustment.ts'
import { type LedgerEntry, type Mark, movements } from '../domain/ledger.ts'
import { adjustmentsByDay, creditInProgress, movedBy } from './adjustment-store.ts'
import { insertMarked, updateAccounts } from './credit-store.ts'

export interface AdjustmentParts {
  readonly vault: Vault
  readonly clock: Clock
  readonly ids: Ids
  readonly approvals: Approvals
  /** The amount that one person may move on one customer's account in 24 hours. */
  readonly adjustmentLimit: number
}

export interface AdjustmentWish extends Adjustment {
  readonly customer_id: number
  /** How the money came or went; null when it is none that the till counts. */
  readonly method: (typeof MONEY_METHODS)[number] | null
  readonly reason: string
  readonly reference: string | null
}

/** The ledger's kind of entry. */
export type Moved = LedgerEntry & Mark & { readonly at: Date }

const DAY_MS = 86_400_000

/** The ledger's entry, or the approval that the movement waits for. */
export async function adjustOrAsk(
  tx: Tx,
  send: Send,
  parts: AdjustmentParts,
  by: Author,
  wish: AdjustmentWish,
): Promise<Moved | Approval> {
  const { clock, approvals, adjustmentLimit } = parts
  const customer = await lockedCustomer(tx, parts, wish.customer_id)
  const adjusted = await adjustedBy(tx, customer, wish)
  const since = new Date(clock.now().getTime() - DAY_MS)
  const moved = await movedBy(tx, wish.customer_id, authorName(by), since)
  if (!isBeyond(adjustmentLimit, moved, wish.amount_cents)) return store(tx, send, parts, customer, adjusted, wish, by)
  const { customer_id, reason, ...request } = wish
  const asked = { kind: 'adjustment', about: 'customer', about_id: customer_id, request, reason } as const
  const rests_on = { limit_cents: adjustmentLimit, moved_cents: moved }
  if (approvals.needsAnother(by)) return approvals.ask(tx, by, { ...asked, rests_on })
  const { id } = approvals.decideAlone(tx, by, { ...asked, rests_on })
  return store(tx, send, parts, customer, adjusted, wish, by, id)
}

/** An adjustment is a difference, so it stays valid when the balance has moved since it was asked for. */
export const adjustmentKind = (parts: AdjustmentParts): ApprovalKind => ({
  kind: 'adjustment',
  async carryOut(tx, send, { id, about_id, request, reason, asked }) {
    const wish = { method: null, ...request, customer_id: Number(about_id), reason: reason ?? '' } as AdjustmentWish
    const customer = await lockedCustomer(tx, parts, wish.customer_id)
    await store(tx, send, parts, customer, await adjustedBy(tx, customer, wish), wish, asked, id)
  },
})

async function lockedCustomer(tx: Tx, { vault }: AdjustmentParts, id: number): Promise<CustomerRow> {
  const customer = await lockCustomer(tx, vault, id)
  if (!customer) throw new Problem('customer_not_found')
  return customer
}

async function adjustedBy(tx: Tx, customer: CustomerRow, wish: AdjustmentWish): Promise<CustomerRow> {
  const repayable =
    wish.kind === 'credit_repayment' ? customer.used_credit_cents - (await creditInProgress(tx, customer.id)) : 0
  const adjusted = adjust(customer, wish, repayable)
  if (typeof adjusted === 'string') throw new Problem(adjusted)
  return adjusted
}

async function store(
  tx: Tx,
  send: Send,
  { vault, clock, ids }: AdjustmentParts,
  before: CustomerRow,
  adjusted: CustomerRow,
  { kind, amount_cents: moved_cents, method, reason, reference }: AdjustmentWish,
  by: Author,
  approval_id?: string,
): Promise<Moved> {
  const now = clock.now()
  const mark: Mark = { author: authorName(by), reason, reference, approval_id: approval_id ?? null }
  const [entry] = movements(before, adjusted, kind)
  if (!entry) throw new Error(`an adjustment of ${before.id} moved nothing`)
  insertMarked(tx, [entry], mark, now)
  await updateAccounts(tx, [adjusted], now)
  if (method !== null) send(outgoing(moneyMovedByHand, ids.uuid(), { method, amount_cents: moved_cents }))
  const { account, amount_cents, balance_after_cents, credit_after_cents } = entry
  const money = (of: CustomerRow) => ({
    balance_cents: of.account_balance_cents,
    used_credit_cents: of.used_credit_cents,
  })
  await writeJournal(tx, vault, [
    {
      by,
      at: now,
      act: 'balance_adjusted',
      about: 'customer',
      about_id: before.id,
      reason,
      before: money(before),
      after: {
        ...money(adjusted),
        kind,
        account,
        amount_cents,
        balance_after_cents,
        credit_after_cents,
        method,
        reference,
      },
      ...(approval_id && { approval_id }),
    },
  ])
  return { ...entry, ...mark, at: now }
}

/** Suspicious in a day: so many times the amount that one person may move on one account, or so many movements. */
const MUCH = { times: 5, adjustments: 30 }

export const movedMuch =
  (database: Database, limit_cents: number): FindSuspicions =>
  async (since) => {
    const days = await adjustmentsByDay(database, since)
    return days
      .filter((one) => one.moved_cents > limit_cents * MUCH.times || one.adjustments >= MUCH.adjustments)
      .map(({ author, day, adjustments, customers, moved_cents }) => ({
        kind: 'moved_much_by_hand',
        subject: author,
        facts: `${toReais(moved_cents).toFixed(2)} in ${adjustments} movements of ${customers} customers on ${day}`,
      }))
  }

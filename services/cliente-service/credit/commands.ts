/** Answers the commands about credit: each batch in one transaction of two reads and at most three writes. */
import { type Message, releaseCredit, reserveCredit, returnCredit } from '#contracts'
import { handler, type MessageHandler, type Outgoing, type Send } from '#messaging'
import type { Clock } from '#platform/clock'
import type { Tx } from '#platform/database/database'
import { freeReturned } from '../catalogue/catalogue-store.ts'
import {
  type CreditHold,
  giveBack,
  type HoldRequest,
  release,
  releaseReply,
  reserve,
  reserveReply,
  returnReply,
  type Settlement,
} from '../domain/credit-hold.ts'
import type { Account } from '../domain/customer.ts'
import type { LedgerEntry } from '../domain/ledger.ts'
import { findHolds, insertEntries, insertHolds, lockAccounts, updateAccounts, updateHolds } from './credit-store.ts'

interface Rule {
  readonly settle: (
    customer: Account | undefined,
    hold: CreditHold | undefined,
    request: HoldRequest,
  ) => Settlement<Account>
  /** `asked_by` is the saga that asks: the purchase of the hold, or its return. */
  readonly reply: (hold: CreditHold, asked_by: string) => Outgoing
}

/** A request about one purchase's hold. */
interface Wish {
  readonly asked_by: string
  readonly request: HoldRequest
}

export const creditCommands = (clock: Clock): MessageHandler[] => [
  handler(reserveCredit, 'cliente-service-reserve-credit-sub', (tx, commands, send) =>
    settleAll(tx, commands.map(ownWish), send, { settle: reserve, reply: reserveReply }, clock.now()),
  ),
  handler(releaseCredit, 'cliente-service-release-credit-sub', (tx, commands, send) =>
    settleAll(tx, commands.map(ownWish), send, { settle: release, reply: releaseReply }, clock.now()),
  ),
  handler(returnCredit, 'cliente-service-return-credit-sub', async (tx, commands, send) => {
    const wishes = commands.map(({ transaction_id: asked_by, body }): Wish => {
      const { purchase_id: transaction_id, customer_id, amount_cents, payment_type, abated_cents = 0 } = body
      return { asked_by, request: { transaction_id, customer_id, amount_cents, payment_type, abated_cents } }
    })
    await settleAll(tx, wishes, send, { settle: giveBack, reply: returnReply }, clock.now())
    freeReturned(
      tx,
      commands.map(({ body }) => body),
    )
  }),
]

const ownWish = ({ transaction_id, body }: Message<Omit<HoldRequest, 'transaction_id'>>): Wish => ({
  asked_by: transaction_id,
  request: { transaction_id, ...body },
})

async function settleAll(tx: Tx, wishes: readonly Wish[], send: Send, { settle, reply }: Rule, now: Date) {
  const [lockedAccounts, knownHolds] = await Promise.all([
    lockAccounts(tx, [...new Set(wishes.map(({ request }) => request.customer_id))]),
    findHolds(tx, [...new Set(wishes.map(({ request }) => request.transaction_id))]),
  ])
  const accounts = new Map(lockedAccounts.map((account) => [account.id, account]))
  const holds = new Map(knownHolds.map((hold) => [hold.transaction_id, hold]))
  const known = new Set(holds.keys())
  const changedAccounts = new Map<number, Account>()
  const changedHolds: CreditHold[] = []
  const entries: LedgerEntry[] = []

  for (const { asked_by, request } of wishes) {
    const before = holds.get(request.transaction_id)
    const customer = accounts.get(before?.customer_id ?? request.customer_id)
    const settled = settle(customer, before, request)
    if (settled.hold !== before) {
      holds.set(request.transaction_id, settled.hold)
      changedHolds.push(settled.hold)
    }
    if (settled.customer && settled.entries.length > 0) {
      accounts.set(settled.customer.id, settled.customer)
      changedAccounts.set(settled.customer.id, settled.customer)
      entries.push(...settled.entries)
    }
    send(reply(settled.hold, asked_by))
  }

  const isNew = ({ transaction_id }: CreditHold) => !known.has(transaction_id)
  updateAccounts(tx, [...changedAccounts.values()], now)
  insertHolds(tx, changedHolds.filter(isNew).sort(byTransaction), now)
  updateHolds(
    tx,
    changedHolds.filter((hold) => !isNew(hold)),
    now,
  )
  insertEntries(tx, entries, now)
}

/** In the same order everywhere, so that two batches that insert the same holds never deadlock. */
const byTransaction = (one: CreditHold, other: CreditHold) => (one.transaction_id < other.transaction_id ? -1 : 1)

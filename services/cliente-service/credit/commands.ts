/** Answers the commands about credit: each batch in one transaction of two reads and one exchange of writes. */
import { type BodyOf, type Message, releaseCredit, reserveCredit } from '#contracts'
import { handler, type MessageHandler, type Outgoing, type Send } from '#messaging'
import type { Clock } from '#platform/clock'
import type { Tx } from '#platform/database/database'
import {
  type CreditHold,
  type HoldRequest,
  release,
  releaseReply,
  reserve,
  reserveReply,
  type Settlement,
} from '../domain/credit-hold.ts'
import type { Account } from '../domain/customer.ts'
import type { LedgerEntry } from '../domain/ledger.ts'
import { findHolds, insertEntries, insertHolds, lockAccounts, updateAccounts, updateHolds } from './credit-store.ts'

type Command = Message<BodyOf<typeof reserveCredit>>

interface Rule {
  readonly settle: (
    customer: Account | undefined,
    hold: CreditHold | undefined,
    request: HoldRequest,
  ) => Settlement<Account>
  readonly reply: (hold: CreditHold) => Outgoing
}

export const creditCommands = (clock: Clock): MessageHandler[] => [
  handler(reserveCredit, 'cliente-service-reserve-credit-sub', (tx, commands, send) =>
    settleAll(tx, commands, send, { settle: reserve, reply: reserveReply }, clock.now()),
  ),
  handler(releaseCredit, 'cliente-service-release-credit-sub', (tx, commands, send) =>
    settleAll(tx, commands, send, { settle: release, reply: releaseReply }, clock.now()),
  ),
]

async function settleAll(tx: Tx, commands: readonly Command[], send: Send, { settle, reply }: Rule, now: Date) {
  const [lockedAccounts, knownHolds] = await Promise.all([
    lockAccounts(tx, [...new Set(commands.map(({ body }) => body.customer_id))]),
    findHolds(tx, [...new Set(commands.map(({ transaction_id }) => transaction_id))]),
  ])
  const accounts = new Map(lockedAccounts.map((account) => [account.id, account]))
  const holds = new Map(knownHolds.map((hold) => [hold.transaction_id, hold]))
  const known = new Set(holds.keys())
  const changedAccounts = new Map<number, Account>()
  const changedHolds: CreditHold[] = []
  const entries: LedgerEntry[] = []

  for (const { transaction_id, body } of commands) {
    const before = holds.get(transaction_id)
    const customer = accounts.get(before?.customer_id ?? body.customer_id)
    const settled = settle(customer, before, { transaction_id, ...body })
    if (settled.hold !== before) {
      holds.set(transaction_id, settled.hold)
      changedHolds.push(settled.hold)
    }
    if (settled.customer && settled.entries.length > 0) {
      accounts.set(settled.customer.id, settled.customer)
      changedAccounts.set(settled.customer.id, settled.customer)
      entries.push(...settled.entries)
    }
    send(reply(settled.hold))
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

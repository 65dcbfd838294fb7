/** Two services keep which account has which customer: the audit compares them. Pure, except for the requests. */
import { Compile } from 'typebox/compile'
import { type AccountTie, AccountTies, type CustomerTie, CustomerTies, RECORDS_PER_PAGE } from '#contracts'
import type { AskPeer } from '#platform/peers'
import { contentOf } from '../records/content.ts'
import { type Finding, finding } from './findings.ts'

/** Within this time a customer is made and tied, even after outages. Younger ones may still be incomplete. */
const SETTLED_AFTER_MS = 3_600_000

const Accounts = Compile(AccountTies)
const Customers = Compile(CustomerTies)

/** The accounts are read first, because cliente-service stores a tie before identidade-service knows it. Throws PeerFault. */
export async function auditTies(ask: AskPeer, now: Date): Promise<Finding[]> {
  const accounts = await all<AccountTie>(async (after) => {
    const { accounts: page } = await contentOf(ask, 'identidade-service', `/account-ties${after}`, Accounts)
    return page
  })
  const customers = await all<CustomerTie>(async (after) => {
    const { customers: page } = await contentOf(ask, 'cliente-service', `/customer-ties${after}`, Customers)
    return page
  })
  return compareTies(accounts, customers, now)
}

async function all<Tie extends { readonly account_id: string }>(
  pageAfter: (query: string) => Promise<readonly Tie[]>,
): Promise<Tie[]> {
  const found: Tie[] = []
  for (;;) {
    const last = found.at(-1)
    const page = await pageAfter(last ? `?after=${last.account_id}` : '')
    found.push(...page)
    if (page.length < RECORDS_PER_PAGE) return found
  }
}

export function compareTies(accounts: readonly AccountTie[], customers: readonly CustomerTie[], now: Date): Finding[] {
  const isSettled = (at: string) => now.getTime() - Date.parse(at) > SETTLED_AFTER_MS
  const tied = new Map(customers.map((tie) => [tie.account_id, tie]))
  const known = new Set(accounts.map(({ account_id }) => account_id))
  const holders = new Map<number, string>()
  const found: Finding[] = []
  for (const { account_id, customer_id, waits, created_at } of accounts) {
    const subject = `account ${account_id}`
    if (customer_id === null) {
      if (waits && isSettled(created_at)) found.push(finding('account_without_customer', subject))
      continue
    }
    const other = holders.get(customer_id)
    if (other) found.push(finding('customer_of_two_accounts', `customer ${customer_id}`, `${other} and ${account_id}`))
    holders.set(customer_id, account_id)
    const tie = tied.get(account_id)
    if (tie?.customer_id !== customer_id)
      found.push(finding('account_disowned', subject, `customer ${customer_id}, not ${tie?.customer_id ?? 'any'}`))
  }
  const lost = customers.filter((tie) => !known.has(tie.account_id) && isSettled(tie.at))
  return [
    ...found,
    ...lost.map((tie) => finding('account_missing', `customer ${tie.customer_id}`, `account ${tie.account_id}`)),
  ]
}

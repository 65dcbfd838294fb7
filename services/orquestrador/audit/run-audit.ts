/**
 * One audit: reads the records of every service and keeps what does not fit. The system goes on meanwhile, so anything that
 * seems wrong is read once more before it counts.
 */
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { AccountRecords, RECORDS_PER_PAGE, WaitingMessages } from '#contracts'
import type { Clock } from '#platform/clock'
import type { AskPeer } from '#platform/peers'
import { contentOf } from '../records/content.ts'
import { NAMED_MAX, namedRecords, type RecordSources, recordsSideBySide } from '../records/records.ts'
import { compareAccount, compareMessages, comparePurchase } from './compare.ts'
import { type Finding, finding } from './findings.ts'
import { suspicions } from './suspicions.ts'
import { auditTies } from './ties.ts'

export interface AuditParts {
  readonly sources: RecordSources
  readonly clock: Clock
}

/** How many of each were read. */
export interface Compared {
  purchases: number
  holds: number
  reservations: number
  charges: number
  accounts: number
}

export interface AuditResult {
  readonly compared: Compared
  readonly findings: readonly Finding[]
}

const OWN = 'orquestrador'
const OTHERS = ['cliente-service', 'veiculo-service', 'pagamento-service']
const COUNTED_AS = { purchase: 'purchases', hold: 'holds', reservation: 'reservations', charge: 'charges' } as const

/**
 * Compares all purchases after the id `after`. `onProgress` is called after each page; when it throws, the audit ends.
 * Throws PeerFault when a service does not answer: there are no half audits.
 */
export async function runAudit(
  parts: AuditParts,
  after: string,
  onProgress: (compared: Compared) => Promise<void>,
): Promise<AuditResult> {
  const compared: Compared = { purchases: 0, holds: 0, reservations: 0, charges: 0, accounts: 0 }
  const findings: Finding[] = []
  const records = recordsSideBySide(parts.sources, after, (name, count) => {
    compared[COUNTED_AS[name]] += count
  })
  for await (const chunk of records) {
    const suspects = [...chunk].filter(([id, found]) => comparePurchase(id, found, parts.clock.now()).length > 0)
    const ids = suspects.map(([id]) => id).sort()
    findings.push(...(await confirmed(parts, ids)))
    await onProgress(compared)
  }
  for await (const ids of returnedLately(parts.sources, after)) {
    compared.purchases += ids.length
    findings.push(...(await confirmed(parts, ids)))
    await onProgress(compared)
  }
  for await (const account of allAccounts(parts.sources.ask)) {
    compared.accounts += 1
    findings.push(...compareAccount(account))
    if (compared.accounts % RECORDS_PER_PAGE === 0) await onProgress(compared)
  }
  findings.push(...(await auditTies(parts.sources.ask, parts.clock.now())))
  findings.push(...(await unmatchedMoney(parts.sources.ask)), ...(await waitingMessages(parts.sources)))
  const { ask, own } = parts.sources
  findings.push(...(await suspicions(ask, own.suspicions, OTHERS, parts.clock.now())))
  return { compared, findings }
}

/** Older purchases whose return is under way: an audit of recent purchases would not see them. */
async function* returnedLately({ own }: RecordSources, began: string): AsyncGenerator<string[]> {
  for (let after = began; ; ) {
    const page = await own.returned(began, after, NAMED_MAX)
    if (page.length > 0) yield page.map(({ purchase_id }) => purchase_id)
    const last = page.at(-1)
    if (!last || page.length < NAMED_MAX) return
    after = last.return_id
  }
}

async function confirmed({ sources, clock }: AuditParts, ids: readonly string[]): Promise<Finding[]> {
  const findings: Finding[] = []
  for (let at = 0; at < ids.length; at += NAMED_MAX) {
    const some = ids.slice(at, at + NAMED_MAX)
    const records = await namedRecords(sources, some)
    for (const id of some) findings.push(...comparePurchase(id, records.get(id) ?? {}, clock.now()))
  }
  return findings
}

const Accounts = Compile(AccountRecords)

async function* allAccounts(ask: AskPeer) {
  for (let after = 0; ; ) {
    const { accounts } = await contentOf(ask, 'cliente-service', `/account-records?after=${after}`, Accounts)
    yield* accounts
    const last = accounts.at(-1)
    if (!last || accounts.length < RECORDS_PER_PAGE) return
    after = last.customer_id
  }
}

const Unmatched = Compile(
  Type.Object({
    unmatched_payments: Type.Array(Type.Object({ id: Type.Integer(), reason: Type.String(), amount: Type.Number() })),
  }),
)

/** The newest hundred: that is enough for an operator to begin with. */
async function unmatchedMoney(ask: AskPeer): Promise<Finding[]> {
  const path = '/unmatched-payments?status=parked&limit=100'
  const { unmatched_payments } = await contentOf(ask, 'pagamento-service', path, Unmatched)
  return unmatched_payments.map(({ id, reason, amount }) =>
    finding('money_unmatched', `unmatched payment ${id}`, `${amount.toFixed(2)}, ${reason}`),
  )
}

const Waiting = Compile(WaitingMessages)

async function waitingMessages({ ask, own }: RecordSources): Promise<Finding[]> {
  const found = await Promise.all(
    OTHERS.map(async (service) =>
      compareMessages(service, await contentOf(ask, service, '/waiting-messages', Waiting)),
    ),
  )
  return [...found.flat(), ...compareMessages(OWN, await own.waiting())]
}

/**
 * One audit: reads what every service has on record, a page of each at a time, side by side in the order of the purchases'
 * ids, and keeps what does not fit. The system goes on meanwhile, so whatever seems wrong is read once more before it counts:
 * the purchase first, what the others have of it afterwards, for that is the order in which it comes to be true.
 */

import { type Static, type TSchema, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import {
  AccountRecords,
  ChargeRecords,
  HoldRecords,
  type PurchaseRecord,
  RECORDS_PER_PAGE,
  ReservationRecords,
  WaitingMessages,
} from '#contracts'
import type { Clock } from '#platform/clock'
import { type AskPeer, PeerFault } from '#platform/peers'
import { compareAccount, compareMessages, comparePurchase, type Records } from './compare.ts'
import { type Finding, finding } from './findings.ts'

/** Where records are read: the others' by HTTP, one's own where they lie. */
export interface RecordSources {
  readonly ask: AskPeer
  readonly own: {
    page(after: string, limit: number): Promise<readonly PurchaseRecord[]>
    named(ids: readonly string[]): Promise<readonly PurchaseRecord[]>
    waiting(): Promise<Static<typeof WaitingMessages>>
  }
}

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
const IDS_PER_REQUEST = 100

/** By the name that `Records` gives it: which of the others has it. */
const others = {
  hold: { service: 'cliente-service', count: 'holds', schema: HoldRecords },
  reservation: { service: 'veiculo-service', count: 'reservations', schema: ReservationRecords },
  charge: { service: 'pagamento-service', count: 'charges', schema: ChargeRecords },
} as const
type Other = keyof typeof others
type Name = Other | 'purchase'
const otherNames = Object.keys(others) as Other[]
const countOf = (name: Name) => (name === 'purchase' ? 'purchases' : others[name].count)

/**
 * All purchases from the one behind `after`. `onProgress` is called behind each page; when it throws, the audit ends. Throws
 * PeerFault when a service does not answer: half an audit is none.
 */
export async function runAudit(
  parts: AuditParts,
  after: string,
  onProgress: (compared: Compared) => Promise<void>,
): Promise<AuditResult> {
  const compared: Compared = { purchases: 0, holds: 0, reservations: 0, charges: 0, accounts: 0 }
  const findings: Finding[] = []
  for await (const chunk of sideBySide(parts.sources, after, compared)) {
    const suspects = [...chunk].filter(([id, records]) => comparePurchase(id, records, parts.clock.now()).length > 0)
    const ids = suspects.map(([id]) => id).sort()
    findings.push(...(await confirmed(parts, ids)))
    await onProgress(compared)
  }
  for await (const account of allAccounts(parts.sources.ask)) {
    compared.accounts += 1
    findings.push(...compareAccount(account))
    if (compared.accounts % RECORDS_PER_PAGE === 0) await onProgress(compared)
  }
  findings.push(...(await unmatchedMoney(parts.sources.ask)), ...(await waitingMessages(parts.sources)))
  return { compared, findings }
}

async function confirmed({ sources, clock }: AuditParts, ids: readonly string[]): Promise<Finding[]> {
  const findings: Finding[] = []
  for (let at = 0; at < ids.length; at += IDS_PER_REQUEST) {
    const some = ids.slice(at, at + IDS_PER_REQUEST)
    const records = await namedRecords(sources, some)
    for (const id of some) findings.push(...comparePurchase(id, records.get(id) ?? {}, clock.now()))
  }
  return findings
}

/** Of at most 100 purchases, in the order that runAudit tells of. */
export async function namedRecords(
  { ask, own }: RecordSources,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Records>> {
  const found = new Map<string, Record<string, unknown>>()
  const take = (name: Name, records: readonly AnyRecord[]) => {
    for (const record of records)
      found.set(record.transaction_id, { ...found.get(record.transaction_id), [name]: record })
  }
  take('purchase', await own.named(ids))
  await Promise.all(otherNames.map(async (name) => take(name, await page(ask, name, `ids=${ids.join(',')}`))))
  return found
}

/** Pages of all sources, cut at an id that all of them have reached, so that no more than a page of each is in memory. */
async function* sideBySide(
  { ask, own }: RecordSources,
  after: string,
  compared: Compared,
): AsyncGenerator<Map<string, Records>> {
  const names: readonly Name[] = ['purchase', ...otherNames]
  const readers = names.map((name) => ({ name, after, waiting: [] as readonly AnyRecord[], isAtEnd: false }))
  const next = (name: Name, behind: string): Promise<readonly AnyRecord[]> =>
    name === 'purchase' ? own.page(behind, RECORDS_PER_PAGE) : page(ask, name, `after=${behind}`)
  for (;;) {
    await Promise.all(
      readers.map(async (reader) => {
        if (reader.waiting.length > 0 || reader.isAtEnd) return
        reader.waiting = await next(reader.name, reader.after)
        reader.isAtEnd = reader.waiting.length < RECORDS_PER_PAGE
        reader.after = reader.waiting.at(-1)?.transaction_id ?? reader.after
      }),
    )
    const reached = readers.filter((reader) => !reader.isAtEnd).map((reader) => reader.after)
    const upTo = reached.sort()[0]
    const chunk = new Map<string, Record<string, unknown>>()
    for (const reader of readers) {
      const isBehind = ({ transaction_id }: AnyRecord) => upTo !== undefined && transaction_id > upTo
      const taken = reader.waiting.filter((record) => !isBehind(record))
      reader.waiting = reader.waiting.filter(isBehind)
      compared[countOf(reader.name)] += taken.length
      for (const record of taken)
        chunk.set(record.transaction_id, { ...chunk.get(record.transaction_id), [reader.name]: record })
    }
    yield chunk
    if (upTo === undefined) return
  }
}

interface AnyRecord {
  readonly transaction_id: string
}

const pages = Object.fromEntries(otherNames.map((name) => [name, Compile(others[name].schema)]))

async function page(ask: AskPeer, name: Other, query: string): Promise<readonly AnyRecord[]> {
  const { service } = others[name]
  const { status, content } = await ask(service, `/purchase-records?${query}`, 'GET')
  const check = pages[name]
  if (status !== 200 || !check?.Check(content))
    throw new PeerFault(`${service} answered ${status}${check ? placeOf(check.Errors(content)) : ''}`)
  return (content as { records: AnyRecord[] }).records
}

async function* allAccounts(ask: AskPeer) {
  for (let after = 0; ; ) {
    const { accounts } = await content(ask, 'cliente-service', `/account-records?after=${after}`, AccountRecords)
    yield* accounts
    const last = accounts.at(-1)
    if (!last || accounts.length < RECORDS_PER_PAGE) return
    after = last.customer_id
  }
}

const Unmatched = Type.Object({
  unmatched_payments: Type.Array(Type.Object({ id: Type.Integer(), reason: Type.String(), amount: Type.Number() })),
})

/** The newest hundred: who has more has to begin with them anyway. */
async function unmatchedMoney(ask: AskPeer): Promise<Finding[]> {
  const path = '/unmatched-payments?status=parked&limit=100'
  const { unmatched_payments } = await content(ask, 'pagamento-service', path, Unmatched)
  return unmatched_payments.map(({ id, reason, amount }) =>
    finding('money_unmatched', `unmatched payment ${id}`, `${amount.toFixed(2)}, ${reason}`),
  )
}

async function waitingMessages({ ask, own }: RecordSources): Promise<Finding[]> {
  const found = await Promise.all(
    OTHERS.map(async (service) =>
      compareMessages(service, await content(ask, service, '/waiting-messages', WaitingMessages)),
    ),
  )
  return [...found.flat(), ...compareMessages(OWN, await own.waiting())]
}

async function content<Shape extends TSchema>(
  ask: AskPeer,
  service: string,
  path: string,
  shape: Shape,
): Promise<Static<Shape>> {
  const answer = await ask(service, path, 'GET')
  const check = Compile(shape)
  if (answer.status !== 200 || !check.Check(answer.content))
    throw new PeerFault(`${service} answered ${answer.status}${placeOf(check.Errors(answer.content))}`)
  return answer.content as Static<Shape>
}

/** Where an answer is not as it should be: never what is there. */
const placeOf = ([first]: readonly { readonly instancePath: string; readonly keyword: string }[]) =>
  first ? `, not as agreed at ${first.instancePath} (${first.keyword})` : ''

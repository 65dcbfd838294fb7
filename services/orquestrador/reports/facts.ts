/** Messages become facts, once each. Facts become entries, in the order in which they were heard. */
import {
  type BodyOf,
  type Message,
  purchaseCancelled,
  purchaseCompleted,
  purchaseFailed,
  purchaseReturned,
  vehicleAccounted,
} from '#contracts'
import { handler, type MessageHandler, type MessageIntake } from '#messaging'
import type { Database, Tx } from '#platform/database/database'
import { dayOf } from '#platform/days'
import { type Account, type Entry, giveBack, type Known, learn, resell, type Step, sell } from '../domain/ledger.ts'
import type { Fact } from './fact.ts'
import {
  findReturns,
  forgetReports,
  type Heard,
  type HeardReturn,
  insertEntries,
  insertFacts,
  listFacts,
  lockKnown,
  type SoldBy,
  soldBy,
  updateKnown,
} from './fact-store.ts'

/** Nobody waits for a report. */
const GATHER_MS = 250

export const accountEvents: readonly MessageHandler[] = [
  handler(
    vehicleAccounted,
    'orquestrador-vehicle-accounted-sub',
    (tx, messages) => keepFacts(tx, messages.map(accountFact)),
    GATHER_MS,
  ),
]

export const accountFact = ({
  occurred_at,
  body,
}: Pick<Message<BodyOf<typeof vehicleAccounted>>, 'occurred_at' | 'body'>): Fact => ({
  ...{ key: `account:${body.vehicle_id}:${body.revision}`, at: occurred_at, vehicle_id: body.vehicle_id },
  ...{ kind: 'account', account: accountIn(body) },
})

const accountIn = (told: BodyOf<typeof vehicleAccounted>): Account => ({
  ...told,
  acquired_on: told.acquired_on ?? null,
  source: told.source ?? null,
  cost_cents: told.cost_cents ?? null,
  owner_share_basis_points: told.owner_share_basis_points ?? 0,
  sold_by_hand_at: told.sold_by_hand_at ?? null,
})

type Ended = BodyOf<typeof purchaseCompleted>

/** The messages for webhooks are kept as facts too, so that no second subscription is needed. */
export const reporting = (intakes: readonly MessageIntake[], database: Database): MessageIntake[] =>
  intakes.map((intake) => ({
    ...intake,
    async take(messages) {
      await database.transaction(async (tx) => keepFacts(tx, await factsOf(tx, messages)))
      await intake.take(messages)
    },
  }))

async function factsOf(tx: Tx, messages: readonly Message[]): Promise<Fact[]> {
  const sold = messages.filter(({ type }) => type === purchaseCompleted.topic)
  const sales: ReadonlyMap<string, SoldBy> =
    sold.length > 0
      ? await soldBy(
          tx,
          sold.map(({ transaction_id }) => transaction_id),
        )
      : new Map()
  return messages.flatMap(({ type, transaction_id, occurred_at: at, body }): Fact[] => {
    const { vehicle_id, amount_cents, payment_type } = body as Ended // the consumer has checked it against its contract
    const about = { at, vehicle_id, transaction_id, payment_type } as const
    if (type === purchaseCompleted.topic) {
      const { began_by = '', sellers } = sales.get(transaction_id) ?? {}
      const by = { seller: sellerOf(began_by), ...(sellers && { sellers }) }
      return [{ ...about, key: `sale:${transaction_id}`, kind: 'sale', amount_cents, ...by }]
    }
    if (type === purchaseReturned.topic) {
      const { purchase_id } = body as BodyOf<typeof purchaseReturned>
      return [{ key: `return:${purchase_id}`, at, vehicle_id, kind: 'return', purchase_id }]
    }
    if (type !== purchaseFailed.topic && type !== purchaseCancelled.topic) return []
    const { reason } = body as BodyOf<typeof purchaseFailed>
    return [{ ...about, key: `failure:${transaction_id}`, kind: 'failure', reason }]
  })
}

/** A purchase that a customer began has no seller. */
const sellerOf = (began_by: string) => (/^(staff|admin)\b/.test(began_by) ? began_by : 'online')

export async function keepFacts(tx: Tx, facts: readonly Fact[]): Promise<void> {
  if (facts.length === 0) return
  await enter(tx, await insertFacts(tx, facts))
}

/** The sale that a vehicle is gone by, as far as it was heard; nothing more is heard of it until this transaction ends. */
export const saleOf = async (tx: Tx, vehicle_id: number): Promise<Entry | undefined> =>
  (await lockKnown(tx, [vehicle_id])).get(vehicle_id)?.sold?.entry

const BATCH = 500

/** Rebuilds everything from the facts, in one transaction: until it commits, readers see the previous state. */
export async function rebuildReports(tx: Tx): Promise<number> {
  await forgetReports(tx)
  for (let after = 0, count = 0; ; ) {
    const facts = await listFacts(tx, after, BATCH)
    const last = facts.at(-1)
    if (!last) return count
    await enter(tx, facts)
    after = last.id
    count += facts.length
  }
}

async function enter(tx: Tx, facts: readonly Heard[]): Promise<void> {
  if (facts.length === 0) return
  const ids = [...new Set(facts.map(({ body }) => body.vehicle_id))].sort((one, other) => one - other)
  const known = await lockKnown(tx, ids)
  const sold = facts.flatMap(({ body }) => (body.kind === 'sale' ? [body.transaction_id] : []))
  const returns = sold.length > 0 ? await findReturns(tx, sold) : new Map<string, HeardReturn>()
  const entries: Entry[] = []
  for (const { id, body } of facts) {
    for (const step of stepsOf(known.get(body.vehicle_id) ?? NOTHING, id, body, returns)) {
      known.set(body.vehicle_id, step.known)
      entries.push(...step.entries)
    }
  }
  await updateKnown(tx, known)
  await insertEntries(tx, entries)
}

const NOTHING: Known = { account: null, sold: null }
const day = (at: string) => dayOf(new Date(at))

function stepsOf(known: Known, id: number, fact: Fact, returns: ReadonlyMap<string, HeardReturn>): Step[] {
  switch (fact.kind) {
    case 'account':
      return [learn(known, fact.account, fact.at, day)]
    case 'return':
      return known.sold?.entry.transaction_id === fact.purchase_id ? [giveBack(known, fact.at)] : []
    case 'sellers':
      return known.sold?.entry.transaction_id === fact.transaction_id ? [resell(known, fact.sellers)] : []
    case 'failure':
      return [{ known, entries: [failureOf(known, fact)] }]
    case 'sale': {
      const step = sell(known, fact, fact.at, day)
      const came_back = returns.get(fact.transaction_id)
      const isHeardFirst = came_back !== undefined && came_back.id < id
      return isHeardFirst ? [step, giveBack(step.known, came_back.at)] : [step]
    }
  }
}

const failureOf = ({ account }: Known, fact: Fact & { kind: 'failure' }): Entry => ({
  ...{ kind: 'failure', at: fact.at, sold_at: null, transaction_id: fact.transaction_id, vehicle_id: fact.vehicle_id },
  ...{ brand: account?.brand ?? null, seller: null, payment_type: fact.payment_type, reason: fact.reason, count: 0 },
  ...{ revenue_cents: 0, discount_cents: 0, cost_cents: 0, margin_cents: 0, uncosted: 0, days_in_stock: null },
})

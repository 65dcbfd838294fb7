/** Asks all other services at once for the data that they hold about a person: the result is whole, or there is none. */
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { toCents } from '#platform/money'
import { openPeers } from '#platform/peers'
import { Problem } from '#platform/problem'
import type { Elsewhere } from '../domain/erasure.ts'

const Records = Type.Array(Type.Record(Type.String(), Type.Unknown()))

/** The receivers of data outside this system. */
const Sharing = Type.Object({
  recipient: Type.String(),
  purpose: Type.String(),
  fields: Type.Array(Type.String()),
  transaction_id: Type.String(),
  at: Type.String(),
})
export type Sharing = Static<typeof Sharing>

/** Optional: an earlier release does not send it. */
const OfVehicles = Compile(
  Type.Object({
    reservations: Records,
    vehicles_bought: Records,
    warranty_claims: Type.Optional(Records),
    accesses: Records,
  }),
)
const OfPayments = Compile(
  Type.Object({
    payment_codes: Records,
    payments: Records,
    unmatched_payments: Records,
    owed_items: Records,
    debts: Type.Optional(Records),
    shared_with: Type.Array(Sharing),
  }),
)
const HandedOver = Compile(Type.Object({ transactions: Type.Array(Type.String()) }))
const OpenMoney = Compile(Type.Object({ counter_debt: Type.Number(), owed_back: Type.Number() }))
const SellsTo = Compile(Type.Object({ sells: Type.Boolean() }))
const InProgress = Compile(Type.Object({ in_progress: Type.Boolean() }))
const OfPurchases = Compile(Type.Object({ purchases: Records, returns: Records, shared_with: Type.Array(Sharing) }))

const OfAccounts = Compile(Type.Object({ accounts: Records }))

interface Shape<Answer> {
  Check(content: unknown): content is Answer
}
type AnswerOf<Checked> = Checked extends Shape<infer Answer> ? Answer : never

interface HeldElsewhere {
  readonly vehicles: AnswerOf<typeof OfVehicles>
  readonly payments: AnswerOf<typeof OfPayments>
  readonly purchases: AnswerOf<typeof OfPurchases>
  readonly sign_in: AnswerOf<typeof OfAccounts>
}

export interface Peers extends AsyncDisposable {
  /** Throws the problem `unavailable` when a service does not answer as it should; never returns only a part. */
  heldAbout(customer_id: number): Promise<HeldElsewhere>
  /** Open matters about vehicles and money at the counter. Throws `unavailable` too. */
  elsewhere(customer_id: number): Promise<Elsewhere>
  /** Whether that seller has a sale to the customer; false when that cannot be asked. */
  sellsTo(seller: string, customer_id: number): Promise<boolean>
  /** Whether a purchase was started that may not have reached this service yet; false when that cannot be asked. */
  hasPurchaseInProgress(customer_id: number): Promise<boolean>
}

/** Seconds until it is worth asking again. */
const RETRY_AFTER_SECONDS = 5

export function peers(
  addressOf: (service: string) => string,
  serviceToken: (at: string, refused?: string) => Promise<string>,
): Peers {
  const others = openPeers(addressOf, serviceToken, { connections: 8, patienceMs: 10_000 })

  async function ask<Answer>(service: string, customer_id: number, shape: Shape<Answer>, path = '/personal-data') {
    const answer = await others
      .ask(service, `${path}${path.includes('?') ? '' : '?'}customer_id=${customer_id}`, 'GET')
      .catch(() => undefined)
    if (answer?.status === 200 && shape.Check(answer.content)) return answer.content
    throw new Problem('unavailable', { retry_after: RETRY_AFTER_SECONDS, service }) // whatever failed, nothing is handed out
  }

  return {
    async heldAbout(customer_id) {
      const [vehicles, payments, purchases, sign_in] = await Promise.all([
        ask('veiculo-service', customer_id, OfVehicles),
        ask('pagamento-service', customer_id, OfPayments),
        ask('orquestrador', customer_id, OfPurchases),
        ask('identidade-service', customer_id, OfAccounts),
      ])
      return { vehicles, payments, purchases, sign_in }
    },
    async elsewhere(customer_id) {
      const [{ transactions }, { counter_debt, owed_back }] = await Promise.all([
        ask('veiculo-service', customer_id, HandedOver, '/personal-data/handed-over'),
        ask('pagamento-service', customer_id, OpenMoney, '/personal-data/open-money'),
      ])
      const money = { counter_debt_cents: toCents(counter_debt), owed_back_cents: toCents(owed_back) }
      return { handedOver: transactions, ...money }
    },
    sellsTo: (seller, customer_id) =>
      ask('orquestrador', customer_id, SellsTo, `/personal-data/sells-to?seller=${encodeURIComponent(seller)}&`).then(
        ({ sells }) => sells,
        () => false,
      ),
    hasPurchaseInProgress: (customer_id) =>
      ask('orquestrador', customer_id, InProgress, '/personal-data/purchase-in-progress').then(
        ({ in_progress }) => in_progress,
        () => false,
      ),
    [Symbol.asyncDispose]: () => others[Symbol.asyncDispose](),
  }
}

/** What the other services hold about a person, asked of all of them at once: all of it, or nothing. */
import { type Static, type TSchema, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { Agent, request } from 'undici'
import { Problem } from '#platform/problem-json'

const Records = Type.Array(Type.Record(Type.String(), Type.Unknown()))

/** With whom something was shared, outside of this system. */
const Sharing = Type.Object({
  recipient: Type.String(),
  purpose: Type.String(),
  fields: Type.Array(Type.String()),
  transaction_id: Type.String(),
  at: Type.String(),
})
export type Sharing = Static<typeof Sharing>

const OfVehicles = Type.Object({ reservations: Records, vehicles_bought: Records, accesses: Records })
const OfPayments = Type.Object({
  payment_codes: Records,
  payments: Records,
  unmatched_payments: Records,
  shared_with: Type.Array(Sharing),
})
const InProgress = Type.Object({ in_progress: Type.Boolean() })
const OfPurchases = Type.Object({ purchases: Records, shared_with: Type.Array(Sharing) })

interface HeldElsewhere {
  readonly vehicles: Static<typeof OfVehicles>
  readonly payments: Static<typeof OfPayments>
  readonly purchases: Static<typeof OfPurchases>
}

export interface Peers extends AsyncDisposable {
  /** Throws the problem `unavailable` when a service does not answer as it should: never a part of it. */
  heldAbout(customer_id: number): Promise<HeldElsewhere>
  /** Whether a purchase was started that may not have reached this service yet; false when nobody can say. */
  hasPurchaseInProgress(customer_id: number): Promise<boolean>
}

/** Milliseconds that a peer has for its head and for each piece of its body. */
const PATIENCE = 10_000
/** Seconds after which it is worth asking again. */
const RETRY_AFTER = 5

export function peers(addressOf: (service: string) => string, serviceToken: () => Promise<string>): Peers {
  const agent = new Agent({
    connections: 8,
    headersTimeout: PATIENCE,
    bodyTimeout: PATIENCE,
    connect: { timeout: 2_000 },
  })

  async function ask<Shape extends TSchema>(
    service: string,
    customer_id: number,
    shape: Shape,
    path = '/personal-data',
  ) {
    try {
      const authorization = `Bearer ${await serviceToken()}`
      const url = `${addressOf(service)}${path}?customer_id=${customer_id}`
      const { statusCode, body } = await request(url, { dispatcher: agent, headers: { authorization } })
      const content: unknown = await body.json()
      if (statusCode === 200 && Compile(shape).Check(content)) return content as Static<Shape>
    } catch {} // whatever it was, there is nothing to hand out
    throw new Problem('unavailable', { retry_after: RETRY_AFTER, service })
  }

  return {
    async heldAbout(customer_id) {
      const [vehicles, payments, purchases] = await Promise.all([
        ask('veiculo-service', customer_id, OfVehicles),
        ask('pagamento-service', customer_id, OfPayments),
        ask('orquestrador', customer_id, OfPurchases),
      ])
      return { vehicles, payments, purchases }
    },
    hasPurchaseInProgress: (customer_id) =>
      ask('orquestrador', customer_id, InProgress, '/personal-data/purchase-in-progress').then(
        ({ in_progress }) => in_progress,
        () => false,
      ),
    [Symbol.asyncDispose]: () => agent.close(),
  }
}

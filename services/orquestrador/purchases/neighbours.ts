/**
 * Requests of the orquestrador to other services over HTTP. Before a purchase starts it asks for the customer's account and the
 * vehicle, many at a time in one request, without any sealed field. At its end it asks for the sale of the vehicle, together
 * with the sales of other waiting purchases.
 */
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { VehicleStatus } from '#contracts'
import { groupCommit } from '#platform/batching/group-commit'
import { type AskPeer, PeerFault } from '#platform/peers'
import { peersById } from '#platform/peers-by-id'
import type { CallMaker, CallResult } from '../runner/calls.ts'

const Account = Type.Object({
  id: Type.Integer(),
  status: Type.Enum(['active', 'blocked', 'erased']),
  account_balance: Type.Number(),
  available_credit: Type.Number(),
})
const Vehicle = Type.Object({
  id: Type.Integer(),
  brand: Type.String(),
  model: Type.String(),
  year: Type.Integer(),
  price: Type.Number(),
  status: VehicleStatus,
})
/** Without a code when the vehicle was picked up before the answer arrived. */
const Sold = Type.Object({ pickup_code: Type.Optional(Type.String()) })
const SoldOne = Compile(Sold)
const SoldMany = Compile(
  Type.Object({
    results: Type.Array(
      Type.Union([
        Type.Object({ sold: Type.Literal(true), pickup_code: Type.Optional(Type.String()) }),
        Type.Object({ sold: Type.Literal(false), detail: Type.String() }),
      ]),
    ),
  }),
)
const ProblemDetail = Compile(Type.Object({ detail: Type.String() }))

const OnSale = Compile(Type.Object({ total: Type.Integer() }))

const Judgement = Type.Object({ needs_second_person: Type.Boolean(), cost_cents: Type.Optional(Type.Integer()) })
const Judged = Compile(Judgement)

export interface Neighbours {
  /** How many vehicles are on sale. */
  onSale(): Promise<number>
  customer(id: number): Promise<Static<typeof Account> | undefined>
  vehicle(id: number): Promise<Static<typeof Vehicle> | undefined>
  /** Whether this price needs a second person, and what the vehicle has cost once that is known. */
  judgePrice(vehicle_id: number, wanted_cents: number, by: Haggler): Promise<Static<typeof Judgement>>
  markAsSold: CallMaker
}

interface Haggler {
  /** Percent that this person may take off alone. */
  readonly discount_limit: number
  /** Judged so that the answers do not tell the cost. */
  readonly is_seller: boolean
}

/** When the request for many fails, single requests would fail too, each after a slow answer, so they are not tried. */
const mayFailAlone = () => false

interface Sale {
  readonly vehicle_id: number
  readonly transaction_id: string
  readonly payment_proof?: string
}

/** Statuses that another try would not change. Others, such as 408 and 429, are faults: the call is made again. */
const REFUSALS = [400, 404, 409, 422]

const SALES_PER_REQUEST = 128

export function neighboursBy(ask: AskPeer): Neighbours {
  const customer = peersById<number, typeof Account, 'id'>(ask, 'cliente-service', '/customers/accounts', Account, 'id')
  const vehicle = peersById<number, typeof Vehicle, 'id'>(ask, 'veiculo-service', '/vehicles/stock', Vehicle, 'id')
  const sales = groupCommit((wanted: readonly Sale[]) => sell(ask, wanted), { limit: SALES_PER_REQUEST, mayFailAlone })
  return {
    async onSale() {
      const { status, content } = await ask('veiculo-service', '/vehicles?status_filter=available&limit=1', 'GET')
      if (status !== 200 || !OnSale.Check(content)) throw new PeerFault(`veiculo-service answered ${status}`)
      return content.total
    },
    customer,
    vehicle,
    async judgePrice(vehicle_id, wanted_cents, { discount_limit, is_seller }) {
      const query = `wanted_cents=${wanted_cents}&discount_limit=${discount_limit}&is_seller=${is_seller}`
      const { status, content } = await ask('veiculo-service', `/vehicles/${vehicle_id}/price-check?${query}`, 'GET')
      if (status !== 200 || !Judged.Check(content)) throw new PeerFault(`veiculo-service answered ${status}`)
      return content
    },
    markAsSold(_name, transaction_id, wanted) {
      return sales.submit({ ...(wanted as Omit<Sale, 'transaction_id'>), transaction_id })
    },
  }
}

async function sell(ask: AskPeer, wanted: readonly Sale[]): Promise<CallResult[]> {
  const [only] = wanted
  if (only && wanted.length === 1) return [await sellOne(ask, only)]
  const { status, content } = await ask('veiculo-service', '/vehicles/sales', 'POST', { sales: wanted })
  if (status !== 200 || !SoldMany.Check(content) || content.results.length !== wanted.length)
    throw new PeerFault(`veiculo-service answered ${status}`)
  return content.results.map((one) => (one.sold ? { answer: codeOf(one) } : { refused: one.detail }))
}

async function sellOne(ask: AskPeer, { vehicle_id, ...sale }: Sale): Promise<CallResult> {
  const { status, content } = await ask('veiculo-service', `/vehicles/${vehicle_id}/mark_as_sold`, 'PATCH', sale)
  if (status === 200 && SoldOne.Check(content)) return { answer: codeOf(content) }
  if (REFUSALS.includes(status) && ProblemDetail.Check(content)) return { refused: content.detail }
  throw new PeerFault(`veiculo-service answered ${status}`)
}

const codeOf = ({ pickup_code }: Static<typeof Sold>) => (pickup_code === undefined ? {} : { pickup_code })

/**
 * What the orquestrador asks of other services over HTTP: the customer's account and the vehicle before a purchase starts,
 * many at a time in one request and without anything that is sealed, and the sale of the vehicle at its end, which goes alone when no other waits.
 */

import { type Static, type TSchema, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { VehicleStatus } from '#contracts'
import { groupCommit } from '#platform/batching/group-commit'
import { type AskPeer, PeerFault } from '#platform/peers'
import type { CallMaker, CallResult } from '../runner/run-saga.ts'

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
/** Without a code when the vehicle was picked up before the answer could be told. */
const Sold = Type.Object({ pickup_code: Type.Optional(Type.String()) })
const Sales = Type.Object({
  results: Type.Array(
    Type.Union([
      Type.Object({ sold: Type.Literal(true), pickup_code: Type.Optional(Type.String()) }),
      Type.Object({ sold: Type.Literal(false), detail: Type.String() }),
    ]),
  ),
})
const ProblemDetail = Type.Object({ detail: Type.String() })

export interface Lookups {
  customer(id: number): Promise<Static<typeof Account> | undefined>
  vehicle(id: number): Promise<Static<typeof Vehicle> | undefined>
  markAsSold: CallMaker
}

/** A peer that fails the request of many fails those of each, one slow answer after the other. */
const mayFailAlone = () => false

interface Sale {
  readonly vehicle_id: number
  readonly transaction_id: string
}

/** Answers that trying again cannot change; a 408 or 429 is a fault like any other, and the call is made again. */
const REFUSALS = [400, 404, 409, 422]

const IDS_PER_REQUEST = 100
const SALES_PER_REQUEST = 128

const codeOf = ({ pickup_code }: Static<typeof Sold>) => (pickup_code === undefined ? {} : { pickup_code })

export function lookups(ask: AskPeer): Lookups {
  const byId = <Entity extends TSchema>(service: string, path: string, entity: Entity) => {
    const collection = path.split('/').at(-1) ?? ''
    const Page = Compile(Type.Object({ [collection]: Type.Array(entity) }))
    return groupCommit<number, Static<Entity> | undefined>(
      async (ids) => {
        const distinct = [...new Set(ids)]
        const { status, content } = await ask(service, `${path}?ids=${distinct.join(',')}`, 'GET')
        if (status !== 200 || !Page.Check(content)) throw new PeerFault(`${service} answered ${status}`)
        const found = (content as Record<string, (Static<Entity> & { id: number })[]>)[collection] ?? []
        const entities = new Map(found.map((one) => [one.id, one]))
        return ids.map((id) => entities.get(id))
      },
      { limit: IDS_PER_REQUEST, mayFailAlone },
    )
  }

  const customers = byId('cliente-service', '/customers/accounts', Account)
  const vehicles = byId('veiculo-service', '/vehicles/stock', Vehicle)
  const sold = Compile(Sold)
  const problem = Compile(ProblemDetail)
  const soldTogether = Compile(Sales)

  async function sellOne({ vehicle_id, transaction_id }: Sale): Promise<CallResult> {
    const { status, content } = await ask('veiculo-service', `/vehicles/${vehicle_id}/mark_as_sold`, 'PATCH', {
      transaction_id,
    })
    if (status === 200 && sold.Check(content)) return { answer: codeOf(content) }
    if (REFUSALS.includes(status) && problem.Check(content)) return { refused: content.detail }
    throw new PeerFault(`veiculo-service answered ${status}`)
  }

  const sales = groupCommit<Sale, CallResult>(
    async (wanted) => {
      const [only] = wanted
      if (only && wanted.length === 1) return [await sellOne(only)]
      const { status, content } = await ask('veiculo-service', '/vehicles/sales', 'POST', { sales: wanted })
      if (status !== 200 || !soldTogether.Check(content) || content.results.length !== wanted.length)
        throw new PeerFault(`veiculo-service answered ${status}`)
      return content.results.map((one) => (one.sold ? { answer: codeOf(one) } : { refused: one.detail }))
    },
    { limit: SALES_PER_REQUEST, mayFailAlone },
  )

  return {
    customer: (id) => customers.submit(id),
    vehicle: (id) => vehicles.submit(id),
    markAsSold(_name, transaction_id, wanted) {
      const { vehicle_id } = wanted as { vehicle_id: number }
      return sales.submit({ vehicle_id, transaction_id })
    },
  }
}

/** The services that know a mail's address and content. They are asked when it is sent, and nothing of it is kept. */
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import type { AskPeer } from '#platform/peers'
import { PeerFault } from '#platform/peers'
import { peersById } from '#platform/peers-by-id'
import type { Purchase } from '../domain/purchase-letters.ts'

const Notice = Type.Object({
  kind: Type.String(),
  email: Type.String(),
  content: Type.Record(Type.String(), Type.String()),
  expires_at: Type.String(),
})

const Contact = Type.Object({
  id: Type.Integer(),
  name: Type.Union([Type.String(), Type.Null()]),
  email: Type.Union([Type.String(), Type.Null()]),
  email_proven: Type.Boolean(),
  status: Type.String(),
})

const DataNotice = Type.Object({
  customer_id: Type.Integer(),
  kind: Type.String(),
  name: Type.String(),
  email: Type.Union([Type.String(), Type.Null()]),
  at: Type.String(),
  expires_at: Type.String(),
})

const Approval = Type.Object({
  approval_id: Type.String(),
  kind: Type.String(),
  status: Type.String(),
  asked_by: Type.String(),
  asked_at: Type.String(),
  expires_at: Type.String(),
})

const Decider = Type.Object({
  account_id: Type.String(),
  name: Type.Union([Type.String(), Type.Null()]),
  email: Type.String(),
})

const Saga = Type.Object({
  transaction_id: Type.String(),
  customer_id: Type.Integer(),
  amount: Type.Number(),
  payment_type: Type.String(),
  status: Type.String(),
  context: Type.Object({
    vehicle_brand: Type.String(),
    vehicle_model: Type.String(),
    vehicle_year: Type.Integer(),
    pix_copy_paste: Type.Optional(Type.String()),
    expires_at: Type.Optional(Type.String()),
    pickup_code: Type.Optional(Type.String()),
    failure_reason: Type.Optional(Type.String()),
  }),
})

/** Compiled once: compiling costs more than the mail. */
const fits = {
  notice: Compile(Notice),
  dataNotice: Compile(DataNotice),
  approval: Compile(Approval),
  approvals: Compile(Type.Object({ approvals: Type.Array(Approval) })),
  deciders: Compile(Type.Object({ staff: Type.Array(Decider) })),
}

export interface BuyersPurchase extends Purchase {
  readonly customer_id: number
}

/** Each resolves to undefined when the thing no longer exists, and rejects with PeerFault when its owner does not answer. */
export interface Owners {
  notice(id: string): Promise<Static<typeof Notice> | undefined>
  customer(id: number): Promise<Static<typeof Contact> | undefined>
  purchase(transaction_id: string): Promise<BuyersPurchase | undefined>
  dataNotice(id: string): Promise<Static<typeof DataNotice> | undefined>
  approval(service: string, id: string): Promise<Static<typeof Approval> | undefined>
  waitingApprovals(service: string): Promise<Static<typeof Approval>[]>
  /** The deciders: the active admins. */
  deciders(): Promise<Static<typeof Decider>[]>
}

export function owners(ask: AskPeer): Owners {
  async function asked<Answer>(service: string, path: string, shape: { Check(value: unknown): value is Answer }) {
    const { status, content } = await ask(service, path, 'GET')
    if (status === 404) return undefined
    if (status === 200 && shape.Check(content)) return content
    throw new PeerFault(`${service} answered ${status}`)
  }
  const customer = peersById<number, typeof Contact, 'id'>(ask, 'cliente-service', '/customers/contacts', Contact, 'id')
  const purchases = '/saga-states/purchases'
  const saga = peersById<string, typeof Saga, 'transaction_id'>(ask, 'orquestrador', purchases, Saga, 'transaction_id')
  return {
    notice: (id) => asked('identidade-service', `/notices/${id}`, fits.notice),
    customer,
    dataNotice: (id) => asked('cliente-service', `/customer-notices/${id}`, fits.dataNotice),
    approval: (service, id) => asked(service, `/approvals/${id}`, fits.approval),
    async waitingApprovals(service) {
      return (await asked(service, '/approvals?status=waiting&limit=100', fits.approvals))?.approvals ?? []
    },
    async deciders() {
      return (await asked('identidade-service', '/staff-contacts', fits.deciders))?.staff ?? []
    },
    async purchase(transaction_id) {
      const found = await saga(transaction_id)
      if (!found) return undefined
      const { context, ...rest } = found
      const { vehicle_brand, vehicle_model, vehicle_year, failure_reason: reason, ...needs } = context
      return { ...rest, ...needs, vehicle: `${vehicle_brand} ${vehicle_model} ${vehicle_year}`, reason }
    },
  }
}

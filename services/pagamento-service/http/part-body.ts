/** The bodies that staff send about parts of a payment at the counter, and the faults in them that a schema can't see. */
import { type Static, Type } from 'typebox'
import { EntityId, PaymentCodeText, Reais } from '#contracts'
import { bare } from '#platform/formats'
import { withoutIdentifiers } from '#platform/free-text'
import { toCents } from '#platform/money'
import { Problem } from '#platform/problem'
import { netOf, PART_METHODS, type PartMethod } from '../domain/parts.ts'
import type { PartWish } from '../parts/parts.ts'

const text = (minLength: number, maxLength: number, description: string) =>
  Type.String({ minLength, maxLength, format: 'text', description })

const Person = Type.Object(
  { name: text(3, 100, 'As on the document'), document: Type.String({ format: 'document' }) },
  { additionalProperties: false },
)

const TradeInBody = Type.Object(
  {
    vehicle_id: Type.Optional(EntityId),
    valuation: Reais,
    debts: Type.Optional(Reais),
    lien_payoff: Type.Optional(Reais),
    owner: Type.Optional(Person),
  },
  { additionalProperties: false, description: 'The car that comes in: its net value is the part, an excess is owed' },
)

export const PaymentBody = Type.Object(
  {
    payment_code: PaymentCodeText,
    payment_method: Type.String({ minLength: 1, maxLength: 30, pattern: '^[a-z_]+$', default: 'pix' }),
    amount: Type.Optional(
      Type.Number({
        ...Reais,
        minimum: 0.01,
        description: 'A part, for a code of the counter. By default the whole rest that is due',
      }),
    ),
    state: Type.Optional(
      Type.Enum(['promised', 'received'], { description: 'promised: a bank has approved it; received unless given' }),
    ),
    payer: Type.Optional(Person),
    end_to_end_id: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9]{32}$',
        description: 'Of a pix or a deposit: by it the provider gives it back, if the purchase is undone',
      }),
    ),
    reference: Type.Optional(text(1, 200, 'By which the money is found again. Name no person')),
    reason: Type.Optional(text(5, 200, 'Why somebody else than the buyer pays')),
    trade_in: Type.Optional(TradeInBody),
  },
  {
    additionalProperties: false,
    examples: [
      { payment_code: 'k7Qd0VxT2mZp9LrB4sWcY6uNa', payment_method: 'pix' },
      { payment_code: 'k7Qd0VxT2mZp9LrB4sWcY6uNa', payment_method: 'financing', amount: 30000, state: 'promised' },
    ],
  },
)

type Body = Static<typeof PaymentBody>

const OF_PARTS = ['amount', 'state', 'payer', 'end_to_end_id', 'reference', 'reason', 'trade_in'] as const

/** Refuses the fields that only a counter code takes. */
export function expectWhole(body: Body): void {
  const errors = OF_PARTS.filter((name) => body[name] !== undefined).map((name) => ({
    path: `/${name}`,
    message: 'is of a code that is paid at the counter',
  }))
  if (errors.length > 0) throw new Problem('validation_failed', { errors })
}

const isMethod = (method: string): method is PartMethod => PART_METHODS.some((one) => one === method)

/** `isBuyers`: whether a document is the buyer's own. */
export async function wishFrom(
  body: Body,
  transaction_id: string,
  isBuyers: (document: string) => Promise<boolean>,
): Promise<PartWish> {
  const { payment_method: method, trade_in, amount, state = 'received', reference, end_to_end_id = null } = body
  const errors: { path: string; message: string }[] = []
  const refuse = (path: string, message: string) => errors.push({ path, message })
  if (!isMethod(method)) refuse('/payment_method', `must be one of ${PART_METHODS.join(', ')}`)
  if ((method === 'trade_in') !== (trade_in !== undefined))
    refuse('/trade_in', 'belongs to the method trade_in, and it to that')
  if (end_to_end_id !== null && method !== 'pix' && method !== 'deposit')
    refuse('/end_to_end_id', 'is of a pix or a deposit')
  const worth = trade_in && {
    vehicle_id: trade_in.vehicle_id ?? null,
    valuation_cents: toCents(trade_in.valuation),
    debts_cents: toCents(trade_in.debts ?? 0),
    payoff_cents: toCents(trade_in.lien_payoff ?? 0),
  }
  if (worth && netOf(worth) <= 0) refuse('/trade_in/valuation', 'must be above debts and lien payoff')
  else if (worth && amount !== undefined && toCents(amount) > netOf(worth))
    refuse('/amount', 'is more than the car is worth')
  if (errors.length > 0 || !isMethod(method)) throw new Problem('validation_failed', { errors })
  const typed = body.payer ?? trade_in?.owner
  const payer = typed ? { name: typed.name.trim(), document: bare(typed.document) } : null
  const is_of_another = payer !== null && !(await isBuyers(payer.document))
  const reason = withoutIdentifiers(body.reason?.trim() ?? '') || null
  if (is_of_another && reason === null)
    throw new Problem('validation_failed', {
      errors: [{ path: '/reason', message: 'is required of somebody else’s money' }],
    })
  return {
    ...{ transaction_id, method, reason, is_of_another, is_received: state === 'received' },
    payer: is_of_another ? payer : null, // the buyer stands in the purchase
    amount_cents: amount === undefined ? null : toCents(amount),
    reference: withoutIdentifiers(reference?.trim() ?? '') || null,
    trade_in: worth ?? null,
    end_to_end_id,
  }
}

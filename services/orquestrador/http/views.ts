/** A saga as HTTP clients see it: what a frontend shows, and no personal data. */
import { type Static, Type } from 'typebox'
import { Channel, EntityId, PaymentType, Reais, SagaKind, SagaStatus, Timestamp, TransactionId } from '#contracts'
import type { Caller } from '#platform/http/auth'
import { toReais } from '#platform/money'
import { givenUpOf } from '#saga'
import type { ShownSaga } from '../purchases/pickup-codes.ts'

export const SagaView = Type.Object(
  {
    kind: SagaKind,
    transaction_id: TransactionId,
    customer_id: EntityId,
    vehicle_id: EntityId,
    amount: Reais,
    payment_type: PaymentType,
    status: SagaStatus,
    current_step: Type.String(),
    context: Type.Object({
      vehicle_brand: Type.String(),
      vehicle_model: Type.String(),
      vehicle_year: Type.Integer(),
      vehicle_price: Reais,
      payment_code: Type.Optional(Type.String()),
      pix_copy_paste: Type.Optional(Type.String()),
      expires_at: Type.Optional(Timestamp),
      payment_id: Type.Optional(EntityId),
      began_by: Type.Optional(Type.String({ description: 'The person who began it; shown to staff' })),
      pickup_code: Type.Optional(
        Type.String({ description: 'From the sale to the pickup; shown to the buyer, who shows it at the counter' }),
      ),
      channel: Type.Optional(Channel),
      purchase_id: Type.Optional(Type.String({ description: 'Of a return: the purchase that comes back' })),
      receive_until: Type.Optional(Type.String({ description: 'Of a return: how long its vehicle is waited for' })),
      received_at: Type.Optional(Type.String({ description: 'Of a return: when staff had the vehicle back' })),
      refunded: Type.Optional(Type.Number({ description: 'Of a return: BRL that payments gave back' })),
      owed: Type.Optional(Type.Number({ description: 'Of a return: BRL that staff are to give back by hand' })),
      abated: Type.Optional(Type.Number({ description: 'Of a return: BRL that a warranty had given back before' })),
      failure_reason: Type.Optional(Type.String()),
      failed_step: Type.Optional(Type.String()),
      cancellation_reason: Type.Optional(Type.String()),
      given_up: Type.Optional(
        Type.Array(Type.Object({ step: Type.String(), by: Type.String(), reason: Type.String(), at: Timestamp }), {
          description: 'What an operator decided to wait for no longer; shown to those who work here',
        }),
      ),
    }),
    created_at: Timestamp,
    updated_at: Timestamp,
  },
  { title: 'Saga' },
)

const HistoryLineView = Type.Object({
  at: Timestamp,
  step: Type.String(),
  status: SagaStatus,
  what: Type.String({ description: 'What changed it: the type of an event, `timed_out`, `cancel_requested`, …' }),
  attempt: Type.Integer(),
  reason: Type.Optional(Type.String()),
  author: Type.Optional(Type.String({ description: 'The person who did it, if a person did; shown to staff' })),
})

export const HistoryView = Type.Object({ history: Type.Array(HistoryLineView) })

interface Line {
  readonly at: Date
  readonly step: string
  readonly status: SagaStatus
  readonly what: string
  readonly attempt: number
  readonly reason: string | null
}

/** `began_by` is the author of the first line. Customers are not told who worked on their purchase. */
export function lineOf(line: Line, began_by?: string, isWhole = false): Static<typeof HistoryLineView> {
  const { at, step, status, what, attempt, reason } = line
  const [, by] = BY.exec(reason ?? '') ?? []
  const author = isWhole ? (began_by ?? by) : undefined
  const words = isWhole ? reason : reason?.replace(BY, '').trim()
  return {
    at: at.toISOString(),
    step,
    status,
    what,
    attempt,
    ...(words && { reason: words }),
    ...(author && { author }),
  }
}

/** As saga/decide.ts writes it: `by admin ada`, or in brackets behind a reason. */
const BY = /(?:^by |\(by )((?:staff|admin|service)(?: [^()]+)?)\)?$/

export function viewOf(saga: ShownSaga, caller: Caller): Static<typeof SagaView> {
  const { transaction_id, definition, status, step, data, unwinding, created_at, updated_at } = saga
  const given_up = givenUpOf(saga)
  const { customer_id, vehicle_id, amount_cents, payment_type, vehicle } = data
  const amount = toReais(amount_cents)
  return {
    kind: definition === 'return' ? 'return' : 'purchase',
    transaction_id,
    customer_id,
    vehicle_id,
    amount,
    payment_type,
    status,
    current_step: step,
    context: {
      vehicle_brand: vehicle.brand,
      vehicle_model: vehicle.model,
      vehicle_year: vehicle.year,
      vehicle_price: amount,
      ...kept(data),
      ...(data.began_by && caller.role !== 'customer' && { began_by: data.began_by }),
      ...(showsPickupCode(caller, customer_id) && saga.shown_code !== undefined && { pickup_code: saga.shown_code }),
      ...(unwinding?.because === 'failure' && { failure_reason: unwinding.reason, failed_step: unwinding.failed_step }),
      ...(unwinding?.because === 'cancellation' && { cancellation_reason: unwinding.reason }),
      ...(given_up.length > 0 && caller.role !== 'customer' && { given_up: [...given_up] }),
    },
    created_at: created_at.toISOString(),
    updated_at: updated_at.toISOString(),
  }
}

/** Anybody with the code gets the vehicle, so the staff who hand it over must learn the code from the buyer. */
function showsPickupCode({ role, customer_id }: Caller, buyer: number): boolean {
  return role === 'customer' ? customer_id === buyer : role === 'service'
}

/** The request, and the data of the replies; JSON drops the fields that a reply left out. */
function kept(data: Readonly<Record<string, unknown>>) {
  const { payment_code, pix_copy_paste, expires_at, payment_id, channel } = data
  const { purchase_id, receive_until, received_at, refunded_cents, owed_cents, abated_cents } = data
  return {
    payment_code,
    pix_copy_paste,
    expires_at,
    payment_id,
    channel,
    ...{ purchase_id, receive_until, received_at },
    ...(typeof refunded_cents === 'number' && { refunded: toReais(refunded_cents) }),
    ...(typeof owed_cents === 'number' && { owed: toReais(owed_cents) }),
    ...(typeof abated_cents === 'number' && { abated: toReais(abated_cents) }),
  } as Partial<Static<typeof SagaView>['context']>
}

/** The answers of participants when all goes well, with bodies of the size that they have in production. */
import {
  type BodyOf,
  creditReleased,
  creditReserved,
  type MessageContract,
  paymentCodeGenerated,
  paymentProcessed,
  paymentRefunded,
  vehicleReleased,
  vehicleReserved,
} from '#contracts'
import type { PurchaseRequest } from '../services/orquestrador/purchase-saga.ts'

export const NOW = new Date('2026-01-05T15:00:00.000Z')
export const TRANSACTION = '019b0000-0000-7000-8000-000000000001'

const who = { customer_id: 48_213, amount_cents: 9_790_000 }

export const REQUEST: PurchaseRequest = {
  ...who,
  vehicle_id: 120_457,
  payment_type: 'pix',
  vehicle: { brand: 'Fiat', model: 'Strada Volcano 1.3', year: 2023 },
}

const BODIES: Readonly<Record<string, unknown>> = {
  ...body(creditReserved, who),
  ...body(creditReleased, { customer_id: who.customer_id, released_cents: who.amount_cents }),
  ...body(vehicleReserved, { vehicle_id: REQUEST.vehicle_id, revision: 4 }),
  ...body(vehicleReleased, { vehicle_id: REQUEST.vehicle_id, revision: 5 }),
  ...body(paymentCodeGenerated, {
    payment_code: '8Kq2Zt7Xb4Wn1Lc9Rv3Mh6Ps0',
    expires_at: '2026-01-05T15:30:00.000Z',
    pix_copy_paste:
      '00020101021226850014br.gov.bcb.pix2563pix.example.com/qr/v2/8Kq2Zt7Xb4Wn1Lc9Rv3Mh6Ps05204000053039865802BR5915Mercado Veiculo6009Sao Paulo62070503***6304A1B2',
  }),
  ...body(paymentProcessed, { payment_id: 90_331, amount_cents: who.amount_cents }),
  ...body(paymentRefunded, { refunded_cents: who.amount_cents }),
}

function body<Contract extends MessageContract>({ topic }: Contract, content: BodyOf<Contract>) {
  return { [topic]: content }
}

export function answerOf({ topic }: MessageContract): unknown {
  const found = BODIES[topic]
  if (!found) throw new Error(`documents/saga-answers.ts has no body for ${topic}`)
  return found
}

/** The reasons of a refusal: all that its contract allows. */
export function reasonsOf({ body: schema }: MessageContract): readonly string[] {
  const { reason } = (schema as { properties?: { reason?: { enum?: readonly string[] } } }).properties ?? {}
  return reason?.enum ?? []
}

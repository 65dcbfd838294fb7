/** One purchase of the demo: starts it, prints its history as it grows, and tells how it ended. */
import { setTimeout as pause } from 'node:timers/promises'
import { type Static, Type } from 'typebox'
import { type PaymentType, SagaStatus } from '#contracts'
import { type Api, Refused } from './api.ts'
import type { Buyer, Car } from './stock.ts'

const History = Type.Object({
  history: Type.Array(
    Type.Object({
      at: Type.String(),
      step: Type.String(),
      status: SagaStatus,
      what: Type.String(),
      reason: Type.Optional(Type.String()),
    }),
  ),
})
type Line = Static<typeof History>['history'][number]

const Accepted = Type.Object({ transaction_id: Type.String() })
const SagaShown = Type.Object({
  context: Type.Object({
    payment_code: Type.Optional(Type.String()),
    pix_copy_paste: Type.Optional(Type.String()),
  }),
})
const Anything = Type.Object({})

const FINAL: readonly SagaStatus[] = [
  'COMPLETED',
  'FAILED',
  'FAILED_COMPENSATED',
  'CANCELLED',
  'FAILED_REQUIRES_MANUAL_INTERVENTION',
]
const POLL_EVERY_MS = 100
/** The longest wait for the next line. */
const PATIENCE_MS = 45_000

/** An act on a purchase that waits for its payment. */
export type Meanwhile = (api: Api, transaction_id: string) => Promise<void>

export interface Order {
  readonly buyer: Buyer
  readonly car: Car
  readonly payment_type: PaymentType
  readonly meanwhile?: Meanwhile
  /** Stands before each line, when two purchases run at once. */
  readonly label?: string
}

/** The saga's last status, or `refused: …` when it did not start. */
export async function purchase(api: Api, order: Order): Promise<string> {
  const { buyer, car, payment_type, label } = order
  try {
    const { transaction_id } = await api.ask('orquestrador', 'POST /purchase', Accepted, {
      customer_id: buyer.id,
      vehicle_id: car.id,
      payment_type,
    })
    tell(`202  transaction ${transaction_id}`, label)
    return await follow(api, transaction_id, order)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    tell(`${error.status}  ${error.message}`, label)
    return `refused: ${error.message}`
  }
}

export const payPix: Meanwhile = async (api, transaction_id) => {
  const { context } = await api.ask('orquestrador', `GET /saga-states/${transaction_id}`, SagaShown)
  tell(`pix copy and paste: ${context.pix_copy_paste}`)
  await api.ask('pagamento-service', 'POST /payments', Anything, { payment_code: context.payment_code })
  tell('201  paid by POST /payments')
}

export const giveUp: Meanwhile = async (api, transaction_id) => {
  await api.ask('orquestrador', `POST /purchase/${transaction_id}/cancel`, Anything, { reason: 'changed_my_mind' })
  tell('200  cancelled by POST /purchase/…/cancel')
}

async function follow(api: Api, transaction_id: string, { meanwhile, label }: Order): Promise<string> {
  let begun: number | undefined
  let told = 0
  let lastNews = Date.now()
  let reacted = false
  while (Date.now() - lastNews < PATIENCE_MS) {
    const { history } = await api.ask('orquestrador', `GET /saga-states/${transaction_id}/history`, History)
    for (const line of history.slice(told)) {
      begun ??= Date.parse(line.at)
      tell(described(line, Date.parse(line.at) - begun), label)
      lastNews = Date.now()
    }
    told = history.length
    const last = history.at(-1)
    if (last && FINAL.includes(last.status)) return last.status
    if (meanwhile && !reacted && last?.step === 'PAYMENT_PROCESSING') {
      reacted = true
      await meanwhile(api, transaction_id)
    }
    await pause(POLL_EVERY_MS)
  }
  return `nothing new for ${PATIENCE_MS / 1_000} s`
}

function described({ step, status, what, reason }: Line, milliseconds: number): string {
  const since = `+${milliseconds} ms`.padStart(9)
  return `${since}  ${step.padEnd(28)} ${status.padEnd(18)} ${what}${reason ? ` (${reason})` : ''}`
}

function tell(line: string, label?: string) {
  console.log(`  ${label ? `${label.padEnd(9)} ` : ''}${line}`)
}

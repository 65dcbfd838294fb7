/** Answers the commands about payments, each batch in one transaction. */
import {
  abatePayment,
  type BodyOf,
  generatePaymentCode,
  type Message,
  owePayment,
  type PaymentType,
  processPayment,
  refundPayment,
  returnPayment as returnPaymentCommand,
} from '#contracts'
import { handler, type MessageHandler } from '#messaging'
import type { Clock } from '#platform/clock'
import type { Tx } from '#platform/database/database'
import { type Charge, generate, processOwn, refund } from '../domain/charge.ts'
import { type Owed, oweReturn, returnPayment } from '../domain/coming-back.ts'
import type { ChargeRequest, Provider } from '../domain/provider.ts'
import { generateReply, processReply, refundReply, returnReply } from '../domain/replies.ts'
import { insertOwed } from '../owed/owed-store.ts'
import { oweParts, waysBack } from '../parts/undo-parts.ts'
import { ChargeBatch } from './charge-batch.ts'
import { lockCharges, takePaymentIds } from './charge-store.ts'
import { type ChargeRule, decideCharges } from './decide-charge.ts'

export interface CommandParts {
  readonly clock: Clock
  readonly provider: Provider
  readonly newCode: () => string
  /** How long a new code can be paid. */
  readonly timeToLiveMs: number
  /** The same for a code that is paid at the counter. */
  readonly counterTimeToLiveMs?: number
  readonly onExpiry: (at: Date) => void
}

export function paymentCommands(parts: CommandParts): MessageHandler[] {
  const { clock, provider, newCode, timeToLiveMs, counterTimeToLiveMs = timeToLiveMs, onExpiry } = parts
  const freshCode = (now: Date, payment_type?: PaymentType) => {
    const livesFor = payment_type === 'counter' ? counterTimeToLiveMs : timeToLiveMs
    return { code: newCode(), expires_at: new Date(now.getTime() + livesFor) }
  }

  return [
    handler(generatePaymentCode, 'pagamento-service-generate-payment-code-sub', async (tx, commands, send) => {
      const now = clock.now()
      const batch = new ChargeBatch(await lockNamed(tx, commands))
      const rule: ChargeRule<Message<BodyOf<typeof generatePaymentCode>>> = {
        decide: (before, command) =>
          generate(before, requestOf(command), freshCode(now, command.body.payment_type), provider, now),
        reply: (charge) => charge && generateReply(charge),
      }
      await decideCharges(tx, send, batch, commands, rule, now)
      onExpiry(new Date(now.getTime() + timeToLiveMs))
    }),

    handler(processPayment, 'pagamento-service-process-payment-sub', async (tx, commands, send) => {
      const now = clock.now()
      const [charges, paymentIds] = await Promise.all([lockNamed(tx, commands), takePaymentIds(tx, commands.length)])
      const rule: ChargeRule<Message<BodyOf<typeof processPayment>>> = {
        decide: (before, { body }) => processOwn(before, body.payment_code, now, provider),
        reply: (charge, { transaction_id, body }) => processReply(transaction_id, charge, body.payment_code),
      }
      await decideCharges(tx, send, new ChargeBatch(charges, paymentIds), commands, rule, now)
    }),

    handler(refundPayment, 'pagamento-service-refund-payment-sub', async (tx, commands, send) => {
      const now = clock.now()
      const batch = new ChargeBatch(await lockNamed(tx, commands))
      const rule: ChargeRule<Message<BodyOf<typeof refundPayment>>> = {
        decide: (before, command) =>
          refund(before, requestOf(command), freshCode(now), command.body.resumptions, provider, now),
        reply: (charge) => charge && refundReply(charge),
      }
      await decideCharges(tx, send, batch, commands, rule, now)
    }),

    handler(returnPaymentCommand, 'pagamento-service-return-payment-sub', async (tx, commands, send) => {
      const now = clock.now()
      const batch = new ChargeBatch(await lockCharges(tx, purchasesOf(commands)))
      for (const { transaction_id: return_id, body } of commands) {
        const request = requestFrom(body.purchase_id, body)
        const before = batch.get(body.purchase_id)
        const wish = { return_id, abated_cents: body.abated_cents }
        batch.put(returnPayment(before, request, freshCode(now), wish, provider, now))
      }
      await batch.save(tx, now)
      const wayBack = await waysBack(tx, batch.all())
      for (const { transaction_id: return_id, body } of commands) {
        const charge = batch.get(body.purchase_id)
        const reply = charge && returnReply(charge, return_id, wayBack(charge))
        if (reply) send(reply)
      }
    }),

    handler(owePayment, 'pagamento-service-owe-payment-sub', async (tx, commands) => {
      const now = clock.now()
      const batch = new ChargeBatch(await lockCharges(tx, purchasesOf(commands)))
      for (const { transaction_id: return_id, body } of commands) {
        const charge = batch.get(body.purchase_id)
        if (charge && body.step === 'PAYMENT_RETURN')
          batch.put(oweReturn(charge, return_id, body.abated_cents ?? 0, now))
      }
      await batch.save(tx, now)
      const givenUp = commands.filter(({ body }) => body.step === 'PAYMENT_RETURN').map(({ body }) => body.purchase_id)
      const isGivenUp = ({ code }: Charge) => code.payment_type === 'counter' && givenUp.includes(code.transaction_id)
      await oweParts(tx, batch.all().filter(isGivenUp), now)
      insertOwed(tx, distinct(commands.flatMap(owedByOperator)), now)
    }),

    handler(abatePayment, 'pagamento-service-abate-payment-sub', async (tx, commands) =>
      insertOwed(tx, distinct(commands.map(abatement)), clock.now()),
    ),
  ]
}

/** Money that cliente-service was to give back. Money that was paid here is owed by its own record (`oweReturn`). */
const owedByOperator = ({ transaction_id: return_id, body }: Message<BodyOf<typeof owePayment>>): Owed[] => {
  const { purchase_id: transaction_id, customer_id, amount_cents, step } = body
  if (amount_cents === 0 || step === 'PAYMENT_RETURN') return []
  return [{ source: `${step} ${return_id}`, transaction_id, return_id, customer_id, amount_cents, reason: 'given_up' }]
}

const abatement = ({ transaction_id, body }: Message<BodyOf<typeof abatePayment>>): Owed => ({
  ...{ source: `warranty claim ${body.claim_id}`, transaction_id, return_id: null },
  ...{ customer_id: body.customer_id, amount_cents: body.amount_cents, reason: 'abatement' },
})

const distinct = (owed: readonly Owed[]) => [...new Map(owed.map((one) => [one.source, one])).values()]

const purchasesOf = (commands: readonly Message<{ readonly purchase_id: string }>[]) => [
  ...new Set(commands.map(({ body }) => body.purchase_id)),
]

const lockNamed = (tx: Tx, commands: readonly Message[]) =>
  lockCharges(tx, [...new Set(commands.map(({ transaction_id }) => transaction_id))])

const requestOf = ({ transaction_id, body }: Message<BodyOf<typeof generatePaymentCode>>): ChargeRequest =>
  requestFrom(transaction_id, body)

function requestFrom(transaction_id: string, body: BodyOf<typeof generatePaymentCode>): ChargeRequest {
  const { customer_id, vehicle_id, amount_cents, payment_type } = body
  return { transaction_id, customer_id, vehicle_id, amount_cents, payment_type }
}

/** Answers the commands about payments, each batch in one transaction. */
import { type BodyOf, generatePaymentCode, type Message, processPayment, refundPayment } from '#contracts'
import { handler, type MessageHandler } from '#messaging'
import type { Clock } from '#platform/clock'
import type { Tx } from '#platform/database/database'
import { generate, processOwn, refund } from '../domain/charge.ts'
import type { ChargeRequest, Provider } from '../domain/provider.ts'
import { generateReply, processReply, refundReply } from '../domain/replies.ts'
import { ChargeBatch } from './charge-batch.ts'
import { lockCharges, takePaymentIds } from './charge-store.ts'
import { type ChargeRule, decideCharges } from './decide-charge.ts'

export interface CommandParts {
  readonly clock: Clock
  readonly provider: Provider
  readonly newCode: () => string
  /** Milliseconds that a new code can be paid. */
  readonly timeToLive: number
  readonly onExpiry: (at: Date) => void
}

export function paymentCommands({ clock, provider, newCode, timeToLive, onExpiry }: CommandParts): MessageHandler[] {
  const freshCode = (now: Date) => ({ code: newCode(), expires_at: new Date(now.getTime() + timeToLive) })

  return [
    handler(generatePaymentCode, 'pagamento-service-generate-payment-code-sub', async (tx, commands, send) => {
      const now = clock.now()
      const batch = new ChargeBatch(await lockNamed(tx, commands))
      const rule: ChargeRule<Message<BodyOf<typeof generatePaymentCode>>> = {
        decide: (before, command) => generate(before, requestOf(command), freshCode(now), provider, now),
        reply: (charge) => charge && generateReply(charge),
      }
      await decideCharges(tx, send, batch, commands, rule, now)
      onExpiry(new Date(now.getTime() + timeToLive))
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
  ]
}

const lockNamed = (tx: Tx, commands: readonly Message[]) =>
  lockCharges(tx, [...new Set(commands.map(({ transaction_id }) => transaction_id))])

function requestOf({ transaction_id, body }: Message<BodyOf<typeof generatePaymentCode>>): ChargeRequest {
  const { customer_id, vehicle_id, amount_cents, payment_type } = body
  return { transaction_id, customer_id, vehicle_id, amount_cents, payment_type }
}

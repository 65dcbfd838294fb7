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
      for (const command of commands) {
        const before = batch.get(command.transaction_id)
        batch.put(generate(before, requestOf(command), freshCode(now), provider, now))
      }
      await batch.save(tx, now)
      for (const { transaction_id } of commands) {
        const charge = batch.get(transaction_id)
        const reply = charge && generateReply(charge)
        if (reply) send(reply)
      }
      onExpiry(new Date(now.getTime() + timeToLive))
    }),

    handler(processPayment, 'pagamento-service-process-payment-sub', async (tx, commands, send) => {
      const now = clock.now()
      const [charges, paymentIds] = await Promise.all([lockNamed(tx, commands), takePaymentIds(tx, commands.length)])
      const batch = new ChargeBatch(charges, paymentIds)
      for (const { transaction_id, body } of commands) {
        const charge = processOwn(batch.get(transaction_id), body.payment_code, now, provider)
        if (charge) batch.put(charge)
      }
      await batch.save(tx, now)
      for (const { transaction_id, body } of commands) {
        const reply = processReply(transaction_id, batch.get(transaction_id), body.payment_code)
        if (reply) send(reply)
      }
    }),

    handler(refundPayment, 'pagamento-service-refund-payment-sub', async (tx, commands, send) => {
      const now = clock.now()
      const batch = new ChargeBatch(await lockNamed(tx, commands))
      for (const command of commands) {
        const before = batch.get(command.transaction_id)
        batch.put(refund(before, requestOf(command), freshCode(now), command.body.resumptions, provider, now))
      }
      await batch.save(tx, now)
      for (const { transaction_id } of commands) {
        const charge = batch.get(transaction_id)
        const reply = charge && refundReply(charge)
        if (reply) send(reply)
      }
    }),
  ]
}

const lockNamed = (tx: Tx, commands: readonly Message[]) =>
  lockCharges(tx, [...new Set(commands.map(({ transaction_id }) => transaction_id))])

function requestOf({ transaction_id, body }: Message<BodyOf<typeof generatePaymentCode>>): ChargeRequest {
  const { customer_id, vehicle_id, amount_cents, payment_type } = body
  return { transaction_id, customer_id, vehicle_id, amount_cents, payment_type }
}

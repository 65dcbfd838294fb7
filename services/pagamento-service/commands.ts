/** Answers the commands about payments, each batch in one transaction. */
import { type BodyOf, generatePaymentCode, type Message, processPayment, refundPayment } from '#contracts'
import { handler, type MessageHandler } from '#messaging'
import type { Clock } from '#platform/clock'
import type { Tx } from '#platform/database'
import { lockCharges } from './charge-store.ts'
import { type ChargeRequest, generate, pay, refund } from './domain/charge.ts'
import { generateReply, paymentReply, refundRefusedReply, refundReply, unknownCodeReply } from './domain/replies.ts'
import type { Provider } from './provider.ts'
import { ChargeBatch } from './settle.ts'

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
      const batch = await chargesOf(tx, commands)
      for (const command of commands) {
        const before = batch.get(command.transaction_id)
        batch.put(generate(before, requestOf(command), freshCode(now), provider))
      }
      await batch.save(tx, now)
      for (const { transaction_id } of commands) {
        const charge = batch.get(transaction_id)
        if (charge) send(generateReply(charge))
      }
      onExpiry(new Date(now.getTime() + timeToLive))
    }),

    handler(processPayment, 'pagamento-service-process-payment-sub', async (tx, commands, send) => {
      const now = clock.now()
      const batch = await chargesOf(tx, commands)
      for (const { transaction_id, body } of commands) {
        const charge = batch.get(transaction_id)
        // pix is paid from outside: the reply goes out when it is, or when its time is over
        if (charge?.code.code === body.payment_code && charge.code.payment_type !== 'pix') {
          batch.put(pay(charge, charge.code.payment_type, now, provider))
        }
      }
      await batch.save(tx, now)
      for (const { transaction_id, body } of commands) {
        const charge = batch.get(transaction_id)
        const known = charge?.code.code === body.payment_code
        const reply = charge && known ? paymentReply(charge) : unknownCodeReply(transaction_id)
        if (reply) send(reply)
      }
    }),

    handler(refundPayment, 'pagamento-service-refund-payment-sub', async (tx, commands, send) => {
      const now = clock.now()
      const batch = await chargesOf(tx, commands)
      const refused = new Set<string>()
      for (const command of commands) {
        const { transaction_id, body } = command
        const before = batch.get(transaction_id)
        const after = refund(before, requestOf(command), freshCode(now), body.resumptions, provider)
        if (after === 'provider_refused') refused.add(transaction_id)
        else {
          refused.delete(transaction_id)
          batch.put(after)
        }
      }
      await batch.save(tx, now)
      for (const { transaction_id } of commands) {
        const charge = batch.get(transaction_id)
        if (refused.has(transaction_id)) send(refundRefusedReply(transaction_id))
        else if (charge) send(refundReply(charge))
      }
    }),
  ]
}

const chargesOf = async (tx: Tx, commands: readonly Message[]) =>
  new ChargeBatch(await lockCharges(tx, [...new Set(commands.map(({ transaction_id }) => transaction_id))]))

function requestOf({ transaction_id, body }: Message<BodyOf<typeof generatePaymentCode>>): ChargeRequest {
  const { customer_id, vehicle_id, amount_cents, payment_type } = body
  return { transaction_id, customer_id, vehicle_id, amount_cents, payment_type }
}

/** Which events are told by mail: each leaves a row, keyed by it, in the transaction that takes the event. */
import { identityNotice, type Message } from '#contracts'
import { handler, type MessageHandler } from '#messaging'
import type { Clock } from '#platform/clock'
import { ACCOUNT } from './compose.ts'
import { insertMails, type NewMail } from './mail-store.ts'

/** `onNew`: there is something to send now. */
export const mailEvents = (clock: Clock, onNew: () => void): MessageHandler[] => [
  handler(identityNotice, 'avisos-service-identity-notice-sub', async (tx, messages) => {
    const subscription = 'avisos-service-identity-notice-sub'
    await insertMails(
      tx,
      messages.map((message) => mailOf(message, ACCOUNT, subscription, clock.now())),
      clock.now(),
    )
    onNew()
  }),
]

const mailOf = (message: Message, kind: string, subscription: string, due_at: Date): NewMail => ({
  key: `${message.type} ${message.transaction_id} ${kind}`,
  kind,
  subscription,
  message,
  due_at,
})

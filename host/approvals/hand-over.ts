/** Somebody has left: what they have asked for and nobody has decided is somebody else's to follow, and to take back. */
import { workHandedOver } from '#contracts'
import { handler, type MessageHandler } from '#messaging'
import type { Tx } from '#platform/database/database'
import { handOverApprovals } from './approval-store.ts'

type Body = { readonly from: string; readonly to: string; readonly to_role: 'staff' | 'admin' }

/** `also`: what else of the service's belongs to somebody. */
export const handOver = (
  subscription: (typeof workHandedOver.subscriptions)[number],
  also?: (tx: Tx, body: Body) => Promise<void>,
): MessageHandler =>
  handler(workHandedOver, subscription, async (tx, messages) => {
    for (const { body } of messages) {
      await handOverApprovals(tx, body.from, { subject: body.to, role: body.to_role })
      await also?.(tx, body)
    }
  })

/** Somebody has left: another person takes over their undecided approvals, and may take them back. */
import { workHandedOver } from '#contracts'
import { handler, type MessageHandler } from '#messaging'
import type { Tx } from '#platform/database/database'
import { handOverApprovals } from './approval-store.ts'

type Body = { readonly from: string; readonly to: string; readonly to_role: 'staff' | 'admin' }

/** `also`: hands over further things of the service. */
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

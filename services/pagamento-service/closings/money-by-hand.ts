/** Money of accounts that staff write down elsewhere, as repaid credit: the till counts what came in and what went out. */
import { moneyMovedByHand } from '#contracts'
import { handler, type MessageHandler } from '#messaging'
import type { Clock } from '#platform/clock'
import { insertTillEntry } from './closing-store.ts'

export const moneyByHand = (clock: Clock): MessageHandler =>
  handler(moneyMovedByHand, 'pagamento-service-credit-moved-by-hand-sub', (tx, messages) => {
    const at = clock.now()
    for (const { transaction_id, body } of messages)
      insertTillEntry(tx, { source: `account ${transaction_id}`, ...body }, at)
  })

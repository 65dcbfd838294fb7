/** Updates a return's own record when its saga ends: a purchase whose return was called off can be returned again. */
import type { Tx } from '#platform/database/database'
import type { Saga } from '#saga'
import { endReturns } from './return-store.ts'

export function whenEnded(tx: Tx, ended: readonly Saga[], now: Date): void {
  const returns = ended.filter(({ definition }) => definition === 'return')
  endReturns(
    tx,
    returns.map(({ transaction_id: return_id, status }) => ({
      return_id,
      status: status === 'COMPLETED' ? 'completed' : 'cancelled',
    })),
    now,
  )
}

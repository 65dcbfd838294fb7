/** Asks pagamento-service, before a handover, whether the whole price has been paid. */
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import type { AskPeer } from '#platform/peers'
import { Problem } from '#platform/problem'

const clearance = Compile(Type.Object({ is_clear: Type.Boolean() }))

/** Throws the problem `unavailable` when pagamento-service does not answer. */
export type HasAllCome = (transaction_id: string) => Promise<boolean>

const RETRY_AFTER_SECONDS = 5

export const hasAllComeBy =
  (ask: AskPeer): HasAllCome =>
  async (transaction_id) => {
    const answer = await ask('pagamento-service', `/payment-clearances/${transaction_id}`, 'GET').catch(() => undefined)
    if (answer?.status === 404) return true // of a database that is older than the sale: the sale itself says that it was paid
    if (answer?.status === 200 && clearance.Check(answer.content)) return answer.content.is_clear
    throw new Problem('unavailable', { retry_after: RETRY_AFTER_SECONDS, service: 'pagamento-service' })
  }

/** Asks pagamento-service which month was closed last: what counts in it, or before it, stays as it is. */
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import type { AskPeer } from '#platform/peers'
import { Problem } from '#platform/problem'

const Closings = Compile(Type.Object({ closings: Type.Array(Type.Object({ period: Type.String() })) }))

/** As `2026-11`; null when none is closed. Throws the problem `unavailable` when pagamento-service does not answer. */
export type ClosedMonth = () => Promise<string | null>

const RETRY_AFTER_SECONDS = 5

export const closedMonthBy =
  (ask: AskPeer): ClosedMonth =>
  async () => {
    const answer = await ask('pagamento-service', '/closings?kind=month&limit=1', 'GET').catch(() => undefined)
    // months are closed in order, so the newest closing is of the last month
    if (answer?.status === 200 && Closings.Check(answer.content)) return answer.content.closings[0]?.period ?? null
    throw new Problem('unavailable', { retry_after: RETRY_AFTER_SECONDS, service: 'pagamento-service' })
  }

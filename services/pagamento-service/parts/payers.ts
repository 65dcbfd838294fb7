/** Asks cliente-service whether money is the buyer's own; it compares documents and shows none. */
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import type { AskPeer } from '#platform/peers'
import { Problem } from '#platform/problem'

const checked = Compile(Type.Object({ is_theirs: Type.Boolean() }))

/** Throws the problem `unavailable` when cliente-service does not answer. */
export type IsBuyers = (customer_id: number, document: string) => Promise<boolean>

const RETRY_AFTER_SECONDS = 5

export const isBuyersBy =
  (ask: AskPeer): IsBuyers =>
  async (customer_id, document) => {
    const path = `/customers/${customer_id}/document-check`
    const answer = await ask('cliente-service', path, 'POST', { document }).catch(() => undefined)
    if (answer?.status === 404) return false
    if (answer?.status === 200 && checked.Check(answer.content)) return answer.content.is_theirs
    throw new Problem('unavailable', { retry_after: RETRY_AFTER_SECONDS, service: 'cliente-service' })
  }

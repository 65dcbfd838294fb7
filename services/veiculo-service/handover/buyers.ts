/** Whether a document is the buyer's own: asked of cliente-service, which compares it and shows nothing. */
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import type { AskPeer } from '#platform/peers'
import { Problem } from '#platform/problem'

const Checked = Type.Object({
  is_theirs: Type.Boolean(),
  needs_representative: Type.Boolean(),
  is_deceased: Type.Boolean(),
})
type Checked = Static<typeof Checked>

const checked = Compile(Checked)

/** Of somebody whom nobody knows any more: their code still opens the door, a document opens none. */
const nobody: Checked = { is_theirs: false, needs_representative: false, is_deceased: false }

/** Throws the problem `unavailable` when nobody can say: a vehicle is not given to somebody on a guess. */
export type CheckBuyer = (customer_id: number, document?: string) => Promise<Checked>

const RETRY_AFTER_SECONDS = 5

export const checkBuyerBy =
  (ask: AskPeer): CheckBuyer =>
  async (customer_id, document) => {
    const body = { ...(document !== undefined && { document }) }
    const answer = await ask('cliente-service', `/customers/${customer_id}/document-check`, 'POST', body).catch(
      () => undefined,
    )
    if (answer?.status === 404) return nobody
    if (answer?.status === 200 && checked.Check(answer.content)) return answer.content
    throw new Problem('unavailable', { retry_after: RETRY_AFTER_SECONDS, service: 'cliente-service' })
  }

/** Asks cliente-service whether a document is the buyer's own; it compares the document and shows no data. */
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

/** For a buyer who is unknown by now: their code still works, but no document does. */
const nobody: Checked = { is_theirs: false, needs_representative: false, is_deceased: false }

/** Throws the problem `unavailable` when cliente-service does not answer: a vehicle is not handed over on a guess. */
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

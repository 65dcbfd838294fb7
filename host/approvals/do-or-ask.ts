/** An act that one person may do within a limit: beyond it an admin decides, where that is allowed, or somebody else is asked. */
import type { Tx } from '#platform/database/database'
import type { Author } from '../journal/acts.ts'
import type { Approval } from './approval.ts'
import type { Approvals, Wish } from './approvals.ts'

export interface Asking {
  readonly approvals: Approvals
  readonly by: Author
  readonly wish: Wish
  readonly isBeyond: boolean
}

/** `act` gets the id of the approval, where an admin has decided alone. Resolves to its result, or to the approval that it waits for. */
export function doOrAsk<Done>(
  tx: Tx,
  { approvals, by, wish, isBeyond }: Asking,
  act: (approval_id: string | null) => Promise<Done>,
): Promise<Done | Approval> {
  if (!isBeyond) return act(null)
  if (approvals.needsAnother(by)) return approvals.ask(tx, by, wish)
  return act(approvals.decideAlone(tx, by, wish).id)
}

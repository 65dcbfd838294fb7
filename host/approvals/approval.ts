/**
 * Approvals, pure: one person asks for something that nobody may do alone, and another person decides. The one who asked
 * never decides. Nothing is decided twice, or after its time is over.
 */
import type { Author, Values } from '../journal/acts.ts'

export interface Approval {
  readonly id: string
  /** The kind of act, as in `adjustment`. */
  readonly kind: string
  readonly about: string
  readonly about_id: string
  /** The act, as its kind describes it. */
  readonly request: Values
  /** The values that its rule depended on when it was asked: a price, a limit, a version. */
  readonly rests_on: Values
  readonly reason: string | null
  readonly asked: Author
  readonly asked_at: Date
  readonly expires_at: Date
  /** `alone`: an admin decided without a second person, where that is allowed. */
  readonly status: 'waiting' | 'approved' | 'rejected' | 'alone'
  readonly decided: (Author & { readonly at: Date; readonly because: string | null }) | null
}

export type ApprovalRefusal = 'approval_own' | 'approval_decided' | 'approval_expired'

/** Why this person may not decide it now; undefined: they may. */
export function whyNot(approval: Approval, by: Author, now: Date): ApprovalRefusal | undefined {
  if (approval.asked.subject === by.subject) return 'approval_own'
  if (approval.status !== 'waiting') return 'approval_decided'
  if (approval.expires_at <= now) return 'approval_expired'
  return undefined
}

/** Whether the approval is about this customer, or about something of theirs (the request's `customer_id` names the owner). */
export function isAboutCustomer({ about, about_id, request }: Approval, customer_id: number | undefined): boolean {
  if (customer_id === undefined) return false
  return request.customer_id === customer_id || (about === 'customer' && about_id === String(customer_id))
}

export const standingOf = ({ status, expires_at }: Approval, now: Date) =>
  status === 'waiting' && expires_at <= now ? ('expired' as const) : status

/** Whether two things that an approval rests on are the same. */
export const stillRests = (then: Values, now: Values): boolean => canonical(then) === canonical(now)

const canonical = (values: Values) =>
  JSON.stringify(Object.entries(values).sort(([one], [other]) => (one < other ? -1 : 1)))

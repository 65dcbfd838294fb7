/**
 * How the parts of a purchase that was paid at the counter go back once it is undone or returned: what came by Pix by the provider, the
 * rest as owed items for staff. What a warranty had given back before is not given twice.
 */
import type { Cents } from '#contracts'
import { isTooLate, type Owed } from './coming-back.ts'
import type { PartMethod, PartState } from './parts.ts'

/** A part, as far as its way back goes. */
export interface PartBack {
  readonly id: number
  readonly transaction_id: string
  readonly customer_id: number
  readonly method: PartMethod
  readonly state: PartState
  readonly amount_cents: Cents
  readonly processed_at: Date
  readonly end_to_end_id: string | null
  /** Somebody else than the buyer paid it. */
  readonly is_of_another: boolean
  /** What of it goes back; 0 until its purchase is undone. */
  readonly back_cents: Cents
  /** When its refund is next asked for; null when none is under way. */
  readonly refund_due_at: Date | null
  /** How often a refund was refused. */
  readonly refund_failures: number
}

/** A Pix: said to be one, or a deposit whose Pix is known. */
const isPix = ({ method, end_to_end_id }: PartBack) =>
  method === 'pix' || (method === 'deposit' && end_to_end_id !== null)

/** Decides the way of each part that still counts; the others are not named in the answer. */
export function sendBack(parts: readonly PartBack[], abated_cents: Cents, now: Date): PartBack[] {
  const counting = parts.filter(({ state }) => state === 'promised' || state === 'received')
  const shares = abatementsOf(
    counting.filter(({ state }) => state === 'received'),
    abated_cents,
  )
  return counting.map((part) => {
    if (part.state === 'promised') return { ...part, state: 'cancelled' }
    const back_cents = part.amount_cents - (shares.get(part.id) ?? 0)
    if (back_cents === 0) return { ...part, back_cents, state: 'refunded' }
    if (!isPix(part) || isTooLate(part, now)) return { ...part, back_cents, state: 'owed' }
    return { ...part, back_cents, state: 'refunding', refund_due_at: now }
  })
}

/**
 * Which parts an abatement lowers, which went to the buyer by hand: first the buyer's own, and of those first what goes back by hand
 * again, the latest first.
 */
function abatementsOf(received: readonly PartBack[], abated_cents: Cents): ReadonlyMap<number, Cents> {
  const rank = (part: PartBack) => (part.is_of_another ? 2 : 0) + (isPix(part) ? 1 : 0)
  const inTurn = [...received].sort((one, other) => rank(one) - rank(other) || other.id - one.id)
  const shares = new Map<number, Cents>()
  let left = abated_cents
  for (const { id, amount_cents } of inTurn) {
    const share = Math.min(left, amount_cents)
    if (share > 0) shares.set(id, share)
    left -= share
  }
  return shares
}

/** `failures` is the count when the provider was asked, so an answer to an earlier attempt changes nothing. */
export function partAnswered(part: PartBack, failures: number, isDone: boolean): PartBack {
  if (part.refund_failures !== failures) return part
  // one that is owed was asked for before an operator gave it up, and is back all the same
  if (isDone && (part.state === 'refunding' || part.state === 'owed'))
    return { ...part, state: 'refunded', refund_due_at: null }
  if (isDone || part.state !== 'refunding') return part
  return { ...part, state: 'owed', refund_due_at: null, refund_failures: failures + 1 }
}

/** An operator has given the return's payment up: no provider is asked any more. */
export const oweInstead = (parts: readonly PartBack[]): PartBack[] =>
  parts.filter(({ state }) => state === 'refunding').map((part) => ({ ...part, state: 'owed', refund_due_at: null }))

/** The debt of a part; undefined when it is none. */
export function owedOfPart(part: PartBack, return_id: string | null, now: Date): Owed | undefined {
  if (part.state !== 'owed') return undefined
  const { id, transaction_id, customer_id, back_cents: amount_cents } = part
  return { source: sourceOf(id), transaction_id, return_id, customer_id, amount_cents, reason: reasonOf(part, now) }
}

export const sourceOf = (part_id: number) => `part ${part_id}`

function reasonOf(part: PartBack, now: Date) {
  if (!isPix(part)) return 'part_undone'
  if (part.refund_failures > 0) return 'refund_refused'
  return isTooLate(part, now) ? 'refund_too_late' : 'given_up'
}

/** What becomes of the money of an undone purchase. */
export interface WayBack {
  /** Its provider has not answered yet. */
  readonly refunding_cents: Cents
  readonly refunded_cents: Cents
  readonly owed_cents: Cents
}

export function wayBackOf(parts: readonly Pick<PartBack, 'state' | 'back_cents'>[]): WayBack {
  const sum = (of: PartState) =>
    parts.reduce((cents, { state, back_cents }) => cents + (state === of ? back_cents : 0), 0)
  return { refunding_cents: sum('refunding'), refunded_cents: sum('refunded'), owed_cents: sum('owed') }
}

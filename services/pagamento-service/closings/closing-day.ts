/**
 * Closes a day of the till by counting it. What was taken out of it, or is missing, is one person's word: beyond a limit a second
 * one must approve.
 */
import {
  type Approval,
  type ApprovalKind,
  type Approvals,
  type Author,
  authorName,
  doOrAsk,
  expectStill,
  writeJournal,
} from '#host'
import type { Clock } from '#platform/clock'
import type { Tx } from '#platform/database/database'
import { toReais } from '#platform/money'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import { dayOf, expectedOf, totalsOf } from '../domain/closing.ts'
import { dayBefore, isBeyond } from '../domain/second-person.ts'
import { type Closing, insertClosing, lockClosings, openEntries, takenOutAlone } from './closing-store.ts'

export interface ClosingParts {
  readonly vault: Vault
  readonly clock: Clock
  readonly approvals: Approvals
  /** What one person may take out of the till, or find missing, in 24 hours. */
  readonly adjustmentLimit: number
}

export interface DayCount {
  readonly period: string
  readonly counted_cents: number
  readonly float_cents: number
  readonly withdrawals: readonly { readonly amount_cents: number; readonly reason: string }[]
  readonly reason: string | null
}

const KIND = 'till_closing'

export async function closeDayOrAsk(
  tx: Tx,
  parts: ClosingParts,
  by: Author,
  count: DayCount,
): Promise<Closing | Approval> {
  const { clock, approvals, adjustmentLimit: limit_cents } = parts
  const { period, counted_cents, float_cents, withdrawals, reason } = count
  const withdrawn_cents = withdrawals.reduce((sum, { amount_cents }) => sum + amount_cents, 0)
  const till = await tillAt(tx, parts, { period, counted_cents, float_cents, withdrawn_cents, reason })
  const last_entry = Math.max(0, ...till.entries)
  const out_cents = withdrawn_cents + Math.abs(counted_cents - till.expected_cents)
  const alone_cents = await takenOutAlone(tx, authorName(by), dayBefore(clock.now()))
  const withdrawn = withdrawals.map((one) => `${toReais(one.amount_cents).toFixed(2)} ${one.reason}`).join('; ')
  const wish = {
    ...({ kind: KIND, about: 'closing', about_id: period, reason } as const),
    request: { counted_cents, float_cents, withdrawn_cents, withdrawals: withdrawn, last_entry },
    rests_on: restsOn(till),
  }
  const asking = { approvals, by, wish, isBeyond: out_cents > 0 && isBeyond(limit_cents, alone_cents, out_cents) }
  return doOrAsk(tx, asking, (approval_id) => close(tx, parts, by, till, withdrawn, approval_id))
}

/** What comes into the till while the closing waits falls into the next one. */
export const tillClosingKind = (parts: ClosingParts): ApprovalKind => ({
  kind: KIND,
  async carryOut(tx, _send, approval) {
    const { id, about_id: period, request, reason, asked } = approval
    const { counted_cents, float_cents, withdrawn_cents, withdrawals, last_entry } = request as unknown as Asked
    const till = await tillAt(tx, parts, { period, counted_cents, float_cents, withdrawn_cents, reason }, last_entry)
    expectStill(approval, restsOn(till))
    await close(tx, parts, asked, till, withdrawals, id)
  },
})

interface Counted {
  readonly period: string
  readonly counted_cents: number
  readonly float_cents: number
  readonly withdrawn_cents: number
  readonly reason: string | null
}

interface Asked extends Counted {
  readonly withdrawals: string
  readonly last_entry: number
}

/** The till beside its count, as of now or of an entry. */
interface Till extends Counted {
  readonly opening_cents: number
  readonly expected_cents: number
  readonly totals: Readonly<Record<string, number>>
  readonly entries: readonly number[]
}

const restsOn = ({ opening_cents, expected_cents }: Till) => ({ opening_cents, expected_cents })

/** Locks the closings and the open entries. */
async function tillAt(tx: Tx, { clock }: ClosingParts, count: Counted, last_entry?: number): Promise<Till> {
  const { period } = count
  const today = dayOf(clock.now())
  const last = await lockClosings(tx, 'day')
  if (period > today) throw new Problem('period_not_over')
  if (last && last.period >= period) throw new Problem('period_closed')
  const open = (await openEntries(tx)).filter(({ id }) => last_entry === undefined || id <= last_entry)
  const opening_cents = last?.float_cents ?? 0
  const totals = totalsOf(open)
  const expected_cents = expectedOf(totals, { ...count, opening_cents })
  if (expected_cents === 'difference_unexplained') throw new Problem('difference_unexplained')
  if (typeof expected_cents === 'string') throw new Error('the body was looked at')
  return { ...count, opening_cents, expected_cents, totals, entries: open.map(({ id }) => id) }
}

async function close(
  tx: Tx,
  { vault, clock }: ClosingParts,
  by: Author,
  { entries, ...till }: Till,
  withdrawals: string,
  approval_id: string | null,
): Promise<Closing> {
  const at = clock.now()
  const closing = { kind: 'day', ...till, closed_by: authorName(by), closed_at: at, approval_id } as const
  const made = await insertClosing(tx, closing, entries)
  const { period, totals, expected_cents, counted_cents, withdrawn_cents, reason } = till
  const act = { by, at, act: 'day_closed', about: 'closing', about_id: period, reason } as const
  const after = { totals, expected_cents, counted_cents, ...(withdrawn_cents > 0 && { withdrawn_cents, withdrawals }) }
  await writeJournal(tx, vault, [{ ...act, after, ...(approval_id && { approval_id }) }])
  return made
}

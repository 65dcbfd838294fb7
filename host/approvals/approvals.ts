/**
 * The one mechanism by which a second person decides. A route asks (`ask`) in the transaction that finds that it may not go on
 * by itself; what was asked takes effect in the transaction that decides it, by the kind's own `carryOut`.
 */
import type { Send, UnitOfWork } from '#messaging'
import type { Clock, Ids } from '#platform/clock'
import type { Config } from '#platform/config'
import type { Database, Tx } from '#platform/database/database'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import type { About, Author, Values } from '../journal/acts.ts'
import { writeJournal } from '../journal/journal.ts'
import { type Approval, stillRests, whyNot } from './approval.ts'
import { findApproval, insertApproval, lockApproval, updateDecision } from './approval-store.ts'

export interface Wish {
  readonly kind: string
  readonly about: About
  readonly about_id: number | string
  /** What is to be done, and what the rule rests on: nothing personal. */
  readonly request: Values
  readonly rests_on: Values
  readonly reason: string | null
}

/** What a service can be asked for. */
export interface ApprovalKind {
  readonly kind: string
  /** What takes long, as to ask another service, before the deciding transaction; throws what is wrong, and is `prepared`. */
  readonly prepare?: (approval: Approval) => Promise<unknown>
  /**
   * Does what was asked for, in the deciding transaction: locks what it changes, calls `expectStill` with what the rule rests
   * on now, changes it with the one who asked as its author, and writes the journal last.
   */
  readonly carryOut: (tx: Tx, send: Send, approval: Approval, by: Author, prepared: unknown) => Promise<void>
}

export interface ApprovalPolicy {
  /** Whether an admin needs another admin. */
  readonly everybodyAsks: boolean
  /** Milliseconds. */
  readonly livesForMs: number
}

export const approvalPolicy = (config: Pick<Config, 'APPROVALS' | 'APPROVAL_TTL_HOURS'>): ApprovalPolicy => ({
  everybodyAsks: config.APPROVALS === 'all',
  livesForMs: config.APPROVAL_TTL_HOURS * 3_600_000,
})

export interface ApprovalParts {
  readonly vault: Vault
  readonly clock: Clock
  readonly ids: Ids
  readonly policy: ApprovalPolicy
}

export interface Approvals {
  /** Whether this person, beyond what anybody may do alone, needs another one. */
  needsAnother(by: Author): boolean
  /** Puts the wish on record for somebody else. Writes the journal: last in its transaction. */
  ask(tx: Tx, by: Author, wish: Wish): Promise<Approval>
  /** Puts on record that an admin did this without another one; the act itself is the caller's to journal, under this id. */
  decideAlone(tx: Tx, by: Author, wish: Wish): Promise<Approval>
}

export function openApprovals({ vault, clock, ids, policy }: ApprovalParts): Approvals {
  const newApproval = (by: Author, { about_id, ...wish }: Wish): Approval => {
    const now = clock.now()
    const expires_at = new Date(now.getTime() + policy.livesForMs)
    const open = { status: 'waiting', decided: null } as const
    return { ...wish, about_id: String(about_id), id: ids.uuid(), asked: by, asked_at: now, expires_at, ...open }
  }
  return {
    needsAnother: ({ role }) => policy.everybodyAsks || role !== 'admin',
    async ask(tx, by, wish) {
      const approval = newApproval(by, wish)
      insertApproval(tx, approval)
      await writeJournal(tx, vault, [actOf(approval, by, 'approval_asked', wish.reason, approval.asked_at)])
      return approval
    },
    async decideAlone(tx, by, wish) {
      const open = newApproval(by, wish)
      const alone: Approval = { ...open, status: 'alone', decided: { ...by, at: open.asked_at, because: wish.reason } }
      insertApproval(tx, alone)
      return alone
    },
  }
}

/** Throws the problem `approval_stale` when what the approval rests on has moved since it was asked. */
export function expectStill(approval: Approval, now: Values): void {
  if (!stillRests(approval.rests_on, now)) throw new Problem('approval_stale')
}

export interface Decision {
  readonly id: string
  readonly by: Author
  readonly status: 'approved' | 'rejected'
  readonly because: string | null
}

export interface DeciderParts {
  readonly unitOfWork: UnitOfWork
  readonly vault: Vault
  readonly clock: Clock
  readonly kinds: readonly ApprovalKind[]
}

/** Decides, and carries out what is approved. Throws `approval_not_found`, a refusal, or what the kind finds wrong by now. */
export async function decide(
  parts: DeciderParts & { readonly database: Database },
  decision: Decision,
): Promise<Approval> {
  const { id, by, status, because } = decision
  const { database, unitOfWork, vault, clock, kinds } = parts
  const asked = await findApproval(database, id)
  if (!asked) throw new Problem('approval_not_found')
  const kind = kinds.find((one) => one.kind === asked.kind)
  if (!kind) throw new Error(`nobody here carries out ${asked.kind}`)
  expectMay(asked, by, clock.now())
  const prepared = status === 'approved' ? await kind.prepare?.(asked) : undefined
  return unitOfWork(async (tx, send) => {
    const approval = await lockApproval(tx, id)
    if (!approval) throw new Problem('approval_not_found')
    const now = clock.now()
    expectMay(approval, by, now)
    if (status === 'approved') await kind.carryOut(tx, send, approval, by, prepared)
    const decided: Approval = { ...approval, status, decided: { ...by, at: now, because } }
    updateDecision(tx, decided)
    await writeJournal(tx, vault, [actOf(decided, by, `approval_${status}`, because, now)])
    return decided
  })
}

function expectMay(approval: Approval, by: Author, now: Date): void {
  const refusal = whyNot(approval, by, now)
  if (refusal) throw new Problem(refusal)
}

/** On the record of what it is about, so that its history shows who asked and who decided. */
const actOf = (approval: Approval, by: Author, act: string, reason: string | null, at: Date) => ({
  by,
  at,
  act,
  about: approval.about as About,
  about_id: approval.about_id,
  reason,
  before: approval.rests_on,
  after: { kind: approval.kind, ...approval.request },
  approval_id: approval.id,
})

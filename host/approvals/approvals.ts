/**
 * The one mechanism by which a second person decides. A route asks (`ask`) in the transaction that finds that a second person
 * is needed. The act takes effect in the transaction that decides it, by the kind's own `carryOut`.
 */
import type { Send, UnitOfWork } from '#messaging'
import type { Clock, Ids } from '#platform/clock'
import type { Config } from '#platform/config'
import type { Database, Tx } from '#platform/database/database'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import type { About, Author, Values } from '../journal/acts.ts'
import { writeJournal } from '../journal/journal.ts'
import { type Approval, isAboutCustomer, stillRests, whyNot } from './approval.ts'
import { findApproval, insertApproval, lockApproval, updateDecision } from './approval-store.ts'

export interface Wish {
  readonly kind: string
  readonly about: About
  readonly about_id: number | string
  /** The act, and the values that its rule rests on: nothing personal. */
  readonly request: Values
  readonly rests_on: Values
  readonly reason: string | null
}

/** A kind of act that a service can be asked for. */
export interface ApprovalKind {
  readonly kind: string
  /** Slow work before the deciding transaction, such as asking another service. Its result is `prepared`; throws a refusal. */
  readonly prepare?: (approval: Approval) => Promise<unknown>
  /**
   * Carries out the act in the deciding transaction: locks the rows, calls `expectStill` with the values that the rule rests on
   * now, makes the change with the one who asked as its author, and writes the journal last.
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
  /** Whether this person needs a second one for an act beyond the limits of what anybody may do alone. */
  needsAnother(by: Author): boolean
  /** Puts the wish on record for somebody else to decide. It writes the journal, so call it last in the transaction. */
  ask(tx: Tx, by: Author, wish: Wish): Promise<Approval>
  /** Puts on record that an admin decided alone. The caller writes the act itself to the journal, under this id. */
  decideAlone(tx: Tx, by: Author, wish: Wish): Approval
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
    decideAlone(tx, by, wish) {
      const open = newApproval(by, wish)
      const alone: Approval = { ...open, status: 'alone', decided: { ...by, at: open.asked_at, because: wish.reason } }
      insertApproval(tx, alone)
      return alone
    },
  }
}

/** Throws the problem `approval_stale` when the values that the approval rests on have changed since it was asked. */
export function expectStill(approval: Approval, now: Values): void {
  if (!stillRests(approval.rests_on, now)) throw new Problem('approval_stale')
}

export interface Decision {
  readonly id: string
  readonly by: Author
  readonly status: 'approved' | 'rejected'
  readonly because: string | null
  /** The decider's own customer record, when the token names one. */
  readonly own_customer_id?: number | undefined
}

export interface DeciderParts {
  readonly unitOfWork: UnitOfWork
  readonly vault: Vault
  readonly clock: Clock
  readonly kinds: readonly ApprovalKind[]
}

/** Decides, and carries out an approved act. Throws `approval_not_found`, a refusal, or the kind's own problem. */
export async function decide(
  parts: DeciderParts & { readonly database: Database },
  decision: Decision,
): Promise<Approval> {
  const { id, by, status, because, own_customer_id } = decision
  const { database, unitOfWork, vault, clock, kinds } = parts
  const asked = await findApproval(database, id)
  if (!asked) throw new Problem('approval_not_found')
  const kind = kinds.find((one) => one.kind === asked.kind)
  if (!kind) throw new Error(`no kind of approval here is called ${asked.kind}`)
  expectMay(asked, by, clock.now())
  if (isAboutCustomer(asked, own_customer_id)) throw new Problem('own_record')
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

/** Written to the record of the thing it is about, whose history then shows who asked and who decided. */
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

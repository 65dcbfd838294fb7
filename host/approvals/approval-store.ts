/** The SQL of approvals. */
import type { Queryable, Tx } from '#platform/database/database'
import { totalOf } from '#platform/database/total'
import type { Values } from '../journal/acts.ts'
import type { Approval } from './approval.ts'

interface Row extends Omit<Approval, 'asked' | 'decided' | 'request' | 'rests_on'> {
  readonly request: string
  readonly rests_on: string
  readonly asked_by: string
  readonly asked_role: string
  readonly decided_by: string | null
  readonly decided_role: string | null
  readonly decided_at: Date | null
  readonly decided_because: string | null
}

const COLUMNS = `id, kind, about, about_id, request, rests_on, reason, asked_by, asked_role, asked_at, expires_at, status,
  decided_by, decided_role, decided_at, decided_because`

export function insertApproval(tx: Tx, approval: Approval): void {
  const { asked, decided } = approval
  tx.write(
    `insert into approvals (${COLUMNS})
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
    [
      ...[approval.id, approval.kind, approval.about, approval.about_id],
      ...[JSON.stringify(approval.request), JSON.stringify(approval.rests_on), approval.reason],
      ...[asked.subject, asked.role, approval.asked_at, approval.expires_at, approval.status],
      ...[decided?.subject, decided?.role, decided?.at, decided?.because],
    ],
  )
}

/** Locks it, so that only one person at a time decides. */
export async function lockApproval(tx: Tx, id: string): Promise<Approval | undefined> {
  const [row] = await tx.query<Row>(`select ${COLUMNS} from approvals where id = $1 for update`, [id])
  return row && approvalOf(row)
}

export function updateDecision(tx: Tx, { id, status, decided }: Approval): void {
  tx.write(
    `update approvals set status = $2, decided_by = $3, decided_role = $4, decided_at = $5, decided_because = $6
     where id = $1 and status = 'waiting'`,
    [id, status, decided?.subject, decided?.role, decided?.at, decided?.because],
  )
}

export async function findApproval(tx: Queryable, id: string): Promise<Approval | undefined> {
  const [row] = await tx.query<Row>(`select ${COLUMNS} from approvals where id = $1`, [id])
  return row && approvalOf(row)
}

export interface ApprovalFilter {
  /** `expired` means: still waiting, but past its time at `now`. */
  readonly status: 'waiting' | 'expired' | 'approved' | 'rejected' | 'alone' | null
  readonly about_id: string | null
  /** Only those that this person has asked for. */
  readonly asked_by: string | null
  readonly now: Date
}

const MATCHING = `($1::text is null or (case when status = 'waiting' and expires_at <= $2 then 'expired' else status end) = $1)
  and ($3::text is null or about_id = $3) and ($4::text is null or asked_by = $4)`

const valuesOf = ({ status, now, about_id, asked_by }: ApprovalFilter) => [status, now, about_id, asked_by]

/** Newest first, from the one before `before`. */
export async function listApprovals(tx: Queryable, filter: ApprovalFilter, before: string | null, limit: number) {
  const rows = await tx.query<Row>(
    `select ${COLUMNS} from approvals where ${MATCHING} and ($5::uuid is null or id < $5) order by id desc limit $6`,
    [...valuesOf(filter), before, limit],
  )
  return rows.map(approvalOf)
}

/** As exact as `totalOf`. */
export const countApprovals = (tx: Queryable, filter: ApprovalFilter): Promise<number> =>
  totalOf(tx, `select from approvals where ${MATCHING}`, valuesOf(filter))

/** Those that admins have decided alone since then, oldest first. */
export async function decidedAlone(tx: Queryable, since: Date, limit: number): Promise<Approval[]> {
  const rows = await tx.query<Row>(
    `select ${COLUMNS} from approvals where status = 'alone' and decided_at >= $1 order by decided_at limit $2`,
    [since, limit],
  )
  return rows.map(approvalOf)
}

function approvalOf({
  asked_by,
  asked_role,
  decided_by,
  decided_role,
  decided_at,
  decided_because,
  ...row
}: Row): Approval {
  const decided =
    decided_at === null
      ? null
      : { subject: decided_by ?? '', role: decided_role ?? '', at: decided_at, because: decided_because }
  return {
    ...row,
    request: JSON.parse(row.request) as Values,
    rests_on: JSON.parse(row.rests_on) as Values,
    asked: { subject: asked_by, role: asked_role },
    decided,
  }
}

/** Another person takes over the waiting approvals that this one has asked for. */
export async function handOverApprovals(tx: Tx, from: string, to: Approval['asked']): Promise<void> {
  await tx.query(`update approvals set asked_by = $2, asked_role = $3 where asked_by = $1 and status = 'waiting'`, [
    from,
    to.subject,
    to.role,
  ])
}

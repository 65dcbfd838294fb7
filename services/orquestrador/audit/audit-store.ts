/** The SQL of audits. */
import type { Queryable } from '#platform/database/database'
import type { Finding } from './findings.ts'
import type { AuditResult, Compared } from './run-audit.ts'

export interface StoredAudit {
  readonly id: number
  readonly status: 'running' | 'finished' | 'failed' | 'abandoned'
  readonly since: Date | null
  readonly began_by: string
  readonly began_at: Date
  readonly ended_at: Date | null
  readonly compared: Compared
  readonly findings_total: number
  readonly findings: readonly Finding[]
  readonly failure: string | null
}

const COLUMNS = `id, status, since, began_by, began_at, ended_at, compared, findings_total, findings, failure`

/** The most findings that are kept of an audit. */
const KEPT = 1_000

const NOTHING: Compared = { purchases: 0, holds: 0, reservations: 0, charges: 0, accounts: 0 }

/** Undefined when another audit is running. */
export async function insertAudit(
  tx: Queryable,
  { since, began_by, now }: { since: Date | null; began_by: string; now: Date },
): Promise<StoredAudit | undefined> {
  const [begun] = await tx.query<StoredAudit>(
    `insert into audits (status, since, began_by, began_at, heard_at, compared, findings)
     values ('running', $1, $2, $3, $3, $4, '[]') on conflict ((true)) where status = 'running' do nothing
     returning ${COLUMNS}`,
    [since, began_by, now, JSON.stringify(NOTHING)],
  )
  return begun
}

/** Ends audits whose process has reported nothing since `before`. */
export const abandonSilent = (tx: Queryable, before: Date, now: Date) =>
  tx.query(`update audits set status = 'abandoned', ended_at = $2 where status = 'running' and heard_at < $1`, [
    before,
    now,
  ])

/** Returns whether this process still runs it. */
export async function recordProgress(tx: Queryable, id: number, compared: Compared, now: Date): Promise<boolean> {
  const rows = await tx.query(
    `update audits set heard_at = $2, compared = $3 where id = $1 and status = 'running' returning id`,
    [id, now, JSON.stringify(compared)],
  )
  return rows.length > 0
}

export const recordResult = (tx: Queryable, id: number, { compared, findings }: AuditResult, now: Date) =>
  tx.query(
    `update audits set status = 'finished', ended_at = $2, compared = $3, findings_total = $4, findings = $5
     where id = $1 and status = 'running'`,
    [id, now, JSON.stringify(compared), findings.length, JSON.stringify(findings.slice(0, KEPT))],
  )

export const recordFailure = (tx: Queryable, id: number, failure: string, now: Date) =>
  tx.query(`update audits set status = 'failed', ended_at = $2, failure = $3 where id = $1 and status = 'running'`, [
    id,
    now,
    failure,
  ])

export async function findAudit(tx: Queryable, id: number): Promise<StoredAudit | undefined> {
  const [audit] = await tx.query<StoredAudit>(`select ${COLUMNS} from audits where id = $1`, [id])
  return audit
}

export async function findRunning(tx: Queryable): Promise<StoredAudit | undefined> {
  const [audit] = await tx.query<StoredAudit>(`select ${COLUMNS} from audits where status = 'running'`)
  return audit
}

/** Newest first. */
export const listAudits = (tx: Queryable, before: number | null, limit: number) =>
  tx.query<StoredAudit>(
    `select ${COLUMNS} from audits where ($1::bigint is null or id < $1) order by id desc limit $2`,
    [before, limit],
  )

/** The last audit that began, however it ended, and the last one that finished. */
export async function lastAudit(
  tx: Queryable,
): Promise<{ begun: StoredAudit | undefined; finished: StoredAudit | undefined }> {
  const [[begun], [finished]] = await Promise.all([
    tx.query<StoredAudit>(`select ${COLUMNS} from audits order by id desc limit 1`),
    tx.query<StoredAudit>(`select ${COLUMNS} from audits where status = 'finished' order by id desc limit 1`),
  ])
  return { begun, finished }
}

/** Removes all but the newest `keep`. */
export const pruneAudits = (tx: Queryable, keep: number) =>
  tx.query(`delete from audits where id <= (select id from audits order by id desc offset $1 limit 1)`, [keep])

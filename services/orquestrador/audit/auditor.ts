/** Runs audits, on request and by a schedule; one at a time, over all replicas. */
import { type Alarm, startAlarm } from '#platform/alarm'
import type { Clock } from '#platform/clock'
import type { Database, Tx } from '#platform/database/database'
import { Fault, wordsOf } from '#platform/fault'
import type { RecordSources } from '../records/records.ts'
import {
  abandonSilent,
  findRunning,
  insertAudit,
  lastAudit,
  pruneAudits,
  recordFailure,
  recordProgress,
  recordResult,
  type StoredAudit,
} from './audit-store.ts'
import { runAudit } from './run-audit.ts'

export interface AuditorParts {
  readonly database: Database
  readonly sources: RecordSources
  readonly clock: Clock
  /** The time between two scheduled audits; 0: none is scheduled. */
  readonly everyMs: number
  readonly onError: (error: unknown) => void
}

export interface Auditor extends AsyncDisposable {
  /** Begins an audit, or joins the one that is running. `witness`: tells of it, in the transaction that begins it. */
  begin(by: string, since: Date | null, witness?: AuditWitness): Promise<StoredAudit>
  startSchedule(): Alarm
}

type AuditWitness = (tx: Tx, audit: StoredAudit) => Promise<void>

/** A process that runs an audit and is not heard of for so long is taken for dead. */
const SILENCE_MS = 120_000
/** The schedule compares purchases of the last eight days: older ones ended long ago and were compared then. */
const RECENT_MS = 8 * 86_400_000
/** The pause after a service did not answer, as when all services are just starting. */
const AFTER_FAILURE_MS = 300_000
const AUDITS_KEPT = 1_000

class Abandoned extends Fault {}
class Stopped extends Fault {}

export function auditor({ database, sources, clock, everyMs, onError }: AuditorParts): Auditor {
  const running = new Set<Promise<void>>()
  let isStopping = false

  async function run({ id, since }: StoredAudit) {
    try {
      const result = await runAudit(
        { sources, clock },
        since ? firstIdAt(since) : firstIdAt(new Date(0)),
        async (compared) => {
          if (isStopping) throw new Stopped('the process that ran it was stopped')
          if (!(await recordProgress(database, id, compared, clock.now()))) throw new Abandoned()
        },
      )
      await recordResult(database, id, result, clock.now())
      await pruneAudits(database, AUDITS_KEPT)
    } catch (error) {
      if (error instanceof Abandoned) return
      await recordFailure(database, id, error instanceof Fault ? error.message : wordsOf(error), clock.now())
    }
  }

  async function begin(by: string, since: Date | null, witness?: AuditWitness): Promise<StoredAudit> {
    for (;;) {
      const now = clock.now()
      await abandonSilent(database, new Date(now.getTime() - SILENCE_MS), now)
      const begun = await database.transaction(async (tx) => {
        const made = await insertAudit(tx, { since, began_by: by, now })
        if (made) await witness?.(tx, made)
        return made
      })
      if (begun) {
        const done = run(begun)
          .catch(onError)
          .finally(() => running.delete(done))
        running.add(done)
        return begun
      }
      const other = await findRunning(database)
      if (other) return other
    }
  }

  return {
    begin,
    startSchedule: () =>
      startAlarm(async () => {
        if (everyMs === 0) return null
        const { begun } = await lastAudit(database)
        const pause = begun?.status === 'failed' ? Math.min(everyMs, AFTER_FAILURE_MS) : everyMs
        const due = begun && new Date(begun.began_at.getTime() + pause)
        if (due && due > clock.now()) return due
        await begin('the schedule', begun ? new Date(clock.now().getTime() - RECENT_MS) : null)
        return null // the alarm will ring again soon
      }, onError),
    /** A stop waits for one page only: an audit of a million purchases takes minutes, and can be run again. */
    async [Symbol.asyncDispose]() {
      isStopping = true
      await Promise.all(running)
    },
  }
}

/** An id below every UUID v7 made from that moment on: its first 48 bits are the milliseconds (RFC 9562). */
function firstIdAt(moment: Date): string {
  const hex = Math.max(moment.getTime(), 0).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-0000-0000-000000000000`
}

/** What audits report to monitoring. */
import type { Clock } from '#platform/clock'
import type { Queryable } from '#platform/database/database'
import type { Gauge } from '#platform/telemetry'
import { lastAudit } from './audit-store.ts'
import { kinds } from './findings.ts'

export function auditGauges(database: Queryable, clock: Clock): Gauge[] {
  return [
    {
      name: 'mercado_audit_findings',
      help: 'What the last audit found, by kind',
      labels: ['kind'],
      read: async () => {
        const counts = new Map(Object.keys(kinds).map((kind) => [kind, 0]))
        for (const { kind } of (await lastAudit(database)).finished?.findings ?? [])
          counts.set(kind, (counts.get(kind) ?? 0) + 1)
        return [...counts].map(([kind, value]) => ({ labels: { kind }, value }))
      },
    },
    {
      name: 'mercado_audit_age_seconds',
      help: 'How long ago the last audit finished; 0 before the first',
      read: async () => {
        const ended_at = (await lastAudit(database)).finished?.ended_at
        return [{ value: ended_at ? Math.max((clock.now().getTime() - ended_at.getTime()) / 1_000, 0) : 0 }]
      },
    },
  ]
}

/** `npm run -s audit`: starts an audit, waits for the result and prints it. The exit code is 1 when anything was found. */
import { setTimeout as pause } from 'node:timers/promises'
import { type Static, Type } from 'typebox'
import { readConfig } from '#platform/config'
import { command, Misused } from '../command-line.ts'
import { opsApi } from './api.ts'
import { table } from './table.ts'

const usage = `usage: npm run -s audit -- [--since DATE] [--json] [--token TOKEN]

Compares what the services have on record of purchases, accounts and messages, and repairs nothing.
  --since  only purchases that began from then on, as 2026-03-01 or 2026-03-01T12:00:00Z
  --json   the whole result as one line of JSON
Ends with 0 when nothing was found, 1 when something was, 2 when it could not be carried through.`

const options = {
  since: { type: 'string' },
  json: { type: 'boolean', default: false },
  token: { type: 'string' },
} as const

const Audit = Type.Object({
  id: Type.Integer(),
  status: Type.String(),
  compared: Type.Record(Type.String(), Type.Integer()),
  findings_total: Type.Integer(),
  findings: Type.Array(
    Type.Object({ kind: Type.String(), subject: Type.String(), detail: Type.String(), advice: Type.String() }),
  ),
  failure: Type.Union([Type.String(), Type.Null()]),
})

/** The pause between two looks at whether it has finished. */
const ASK_EVERY_MS = 300

await command({ usage, options, failure: 2 }, async (values) => {
  const since = values.since === undefined ? undefined : new Date(values.since)
  if (since && Number.isNaN(since.getTime())) throw new Misused(`--since ${values.since} is no date`)
  const api = await opsApi(readConfig(process.env), values.token)
  let audit = await api.ask('orquestrador', 'POST /audits', Audit, since ? { since: since.toISOString() } : {})
  while (audit.status === 'running') {
    await pause(ASK_EVERY_MS)
    audit = await api.ask('orquestrador', `GET /audits/${audit.id}`, Audit)
  }
  console.log(values.json ? JSON.stringify(audit) : told(audit))
  process.exitCode = exitCodeOf(audit)
})

function exitCodeOf({ status, findings_total }: Static<typeof Audit>): number {
  if (status !== 'finished') return 2
  return findings_total > 0 ? 1 : 0
}

function told({ id, status, compared, findings, findings_total, failure }: Static<typeof Audit>): string {
  const counts = Object.entries(compared).map(([what, count]) => `${count} ${what}`)
  const head = `Audit ${id}: ${counts.join(', ')} compared`
  if (status !== 'finished') return `${head}; it was not finished: ${failure ?? status}`
  if (findings_total === 0) return `${head}; everything agrees.`
  const rows = findings.map(({ kind, subject, detail }) => ({ kind, about: subject, finding: detail }))
  const advice = [...new Map(findings.map((one) => [one.kind, `  ${one.kind}: ${one.advice}`])).values()]
  const more =
    findings_total > findings.length ? [`${findings_total} in all; the first ${findings.length} are shown.`] : []
  return [`${head}; ${findings_total} found.`, '', table(rows), ...more, '', 'What to do:', ...advice].join('\n')
}

/** `access-log verify` and `list`: the log as the services hand it out, followed hash by hash on this side. */
import { type Static, Type } from 'typebox'
import { type AccessEntry, accesses, type Link, START } from '#host'
import type { OpsApi } from './api.ts'
import { table } from './table.ts'

const Head = Type.Object({ id: Type.Integer(), hash: Type.String() })
const Entry = Type.Object({
  id: Type.Integer(),
  at: Type.String(),
  subject: Type.String(),
  role: Type.String(),
  about: Type.Enum(['customer', 'vehicle']),
  about_id: Type.Integer(),
  fields: Type.Array(Type.String()),
  reason: Type.Union([Type.String(), Type.Null()]),
  previous_hash: Type.String(),
  hash: Type.String(),
})
const Page = Type.Object({ entries: Type.Array(Entry), head: Head })
const PAGE = 1_000

/** The last link of a service's log, as it was kept elsewhere: what it had then it must have now. */
export type Kept = Link & { readonly service: string }

export interface Verdict {
  readonly service: string
  readonly head: Link
  /** What is wrong, in words; absent: nothing. */
  readonly fault?: string
}

export async function verify(api: OpsApi, service: string, kept: readonly Kept[]): Promise<Verdict> {
  const awaited = new Map(kept.filter((one) => one.service === service).map(({ id, hash }) => [id, hash]))
  let last = START
  for (;;) {
    const { entries, head } = await api.ask(service, `GET /access-log?after=${last.id}&limit=${PAGE}`, Page)
    const next = accesses.follow(last, entries.map(entryOf))
    if ('reason' in next) return { service, head: last, fault: `entry ${next.id} ${WORDS[next.reason]}` }
    for (const { id, hash } of entries) {
      if ((awaited.get(id) ?? hash) !== hash)
        return { service, head: last, fault: `entry ${id} is not the one whose hash was kept: the chain was made anew` }
      awaited.delete(id)
    }
    last = next
    if (entries.length === PAGE) continue
    if (head.id > last.id || (head.id === last.id && head.hash !== last.hash))
      return { service, head: last, fault: `entry ${last.id + 1} is missing: the log should end at ${head.id}` }
    const [lost] = awaited.keys()
    if (lost === undefined) return { service, head: last }
    return { service, head: last, fault: `entry ${last.id + 1} is missing: the log had ${lost} once` }
  }
}

const WORDS = {
  missing: 'is missing',
  altered: 'was altered: its hash is another',
  not_linked: 'does not follow the one before it: that one, or this, was altered',
} as const

const entryOf = ({ at, ...entry }: Static<typeof Entry>): AccessEntry => ({ ...entry, at: new Date(at) })

export const verdicts = (found: readonly Verdict[]): string =>
  table(
    found.map(({ service, head, fault }) => ({
      service,
      entries: head.id,
      verdict: fault ? `BROKEN: ${fault}` : 'whole',
      'head, to be kept elsewhere': fault ? '' : `${service}:${head.id}:${head.hash}`,
    })),
    220,
  )

/** The last `limit` entries of each service. */
export async function list(api: OpsApi, services: readonly string[], limit: number): Promise<string> {
  const rows: Record<string, string | number>[] = []
  for (const service of services) {
    const { head } = await api.ask(service, 'GET /access-log?limit=1', Page)
    const { entries } = await api.ask(service, `GET /access-log?after=${Math.max(head.id - limit, 0)}&limit=1000`, Page)
    for (const { id, at, subject, role, about, about_id, fields, reason } of entries)
      rows.push({
        service,
        id,
        at,
        who: `${subject} (${role})`,
        whose: `${about} ${about_id}`,
        fields: fields.join(', '),
        why: reason ?? '',
      })
  }
  return rows.length === 0 ? 'Nobody has read unmasked personal data.' : table(rows)
}

/** `access-log verify` and `list`: the services give the log, and this side checks it hash by hash. */
import { Type } from 'typebox'
import { type AccessEntry, accesses, journal, type Link, START } from '#host'
import type { OpsApi } from './api.ts'
import { endUnder, entryUnder, type Heads, headsOf } from './kept-heads.ts'
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
const Anchors = Type.Object({
  anchors: Type.Array(Type.Object({ chain: Type.String(), id: Type.Integer(), hash: Type.String() })),
  forged: Type.Integer(),
})
const PAGE = 1_000

/** The last link of a service's log, as it was kept elsewhere: the log must still contain it. */
export type Kept = Link & { readonly service: string }

/** The chains of a service, by their names in its anchors. */
const CHAINS = {
  access_log: { path: '/access-log', follow: accesses.follow },
  journal: { path: '/journal', follow: journal.follow as unknown as typeof accesses.follow },
} as const
export const chainNames = ['access_log', 'journal'] as const
type ChainName = (typeof chainNames)[number]

/** The fields of an entry that are used here; all of its fields are hashed. */
const Chained = Type.Object({
  entries: Type.Array(Type.Object({ id: Type.Integer(), at: Type.String(), hash: Type.String() })),
  head: Head,
})

export interface Verdict {
  readonly service: string
  readonly chain: ChainName
  readonly head: Link
  /** The fault, in words; absent when there is none. */
  readonly fault?: string
}

export interface Asked {
  readonly kept: readonly Kept[]
  /** Of entries before it no kept heads are expected, as after a restore without them. */
  readonly since: Date
  readonly now: Date
}

export async function verify(api: OpsApi, service: string, asked: Asked, chain: ChainName): Promise<Verdict> {
  const said = (head: Link, fault?: string): Verdict => ({ service, chain, head, ...(fault && { fault }) })
  const { anchors, forged } = await api.ask(service, 'GET /anchors', Anchors)
  if (forged > 0) return said(START, `${forged} of the kept heads are not signed by the service`)
  const given = chain === 'access_log' ? asked.kept.filter((one) => one.service === service) : []
  const own = anchors.filter((one) => one.chain === chain)
  const known = [...own, ...given]
  const awaited = new Map(known.map(({ id, hash }) => [id, hash]))
  const twice = known.find(({ id, hash }) => awaited.get(id) !== hash)
  if (twice) return said(START, `entry ${twice.id} had two hashes: the chain was made anew`)
  return followed(api, service, chain, { awaited, heads: headsOf(own), ...asked }, said)
}

interface Following extends Asked {
  /** The hashes that entries had when they were the last. */
  readonly awaited: Map<number, string>
  readonly heads: Heads
}

/** Reads page by page. */
async function followed(
  api: OpsApi,
  service: string,
  chain: ChainName,
  { awaited, heads: begun, since, now }: Following,
  said: (head: Link, fault?: string) => Verdict,
): Promise<Verdict> {
  const { path, follow } = CHAINS[chain]
  let last = START
  let heads = begun
  for (;;) {
    const { entries, head } = await api.ask(service, `GET ${path}?after=${last.id}&limit=${PAGE}`, Chained)
    const whole = entries.map((entry) => ({ ...entry, at: new Date(entry.at) }) as unknown as AccessEntry)
    const next = follow(last, whole)
    if ('reason' in next) return said(last, `entry ${next.id} ${WORDS[next.reason]}`)
    for (const { id, hash, at } of entries) {
      if ((awaited.get(id) ?? hash) !== hash)
        return said(last, `entry ${id} is not the one whose hash was kept: the chain was made anew`)
      awaited.delete(id)
      const under = new Date(at) < since ? heads : entryUnder(heads, { id, at })
      if (typeof under === 'string') return said(last, under)
      heads = under
    }
    last = next
    if (entries.length === PAGE) continue
    if (head.id > last.id || (head.id === last.id && head.hash !== last.hash))
      return said(last, `entry ${last.id + 1} is missing: the log should end at ${head.id}`)
    const [lost] = awaited.keys()
    return said(
      last,
      lost === undefined ? endUnder(heads, now) : `entry ${last.id + 1} is missing: the log had ${lost} once`,
    )
  }
}

const WORDS = {
  missing: 'is missing',
  altered: 'was altered: its hash is another',
  not_linked: 'does not follow the one before it: that one, or this, was altered',
} as const

export const verdicts = (found: readonly Verdict[]): string =>
  table(
    found.map(({ service, chain, head, fault }) => ({
      service,
      log: chain.replace('_', ' '),
      entries: head.id,
      verdict: fault ? `BROKEN: ${fault}` : 'whole',
      'head, to be kept elsewhere': fault || chain === 'journal' ? '' : `${service}:${head.id}:${head.hash}`,
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

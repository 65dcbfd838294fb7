/** Asks a service for a chain, checks it to its end, and compares it with the heads that are kept outside the database. */
import { fetchFor } from '../api.server.ts'
import { tokenOf } from '../session.server.ts'
import type { Asked } from '../visit.server.ts'
import { type Break, type Entry, follow, type Head, START } from './chain.ts'

export type Book = 'access-log' | 'journal'

const PAGE = 1_000
/** The most entries that a page checks; `npm run -s access-log -- verify` checks longer chains. */
const MOST = 50_000

interface BookPage<Line extends Entry> {
  readonly entries: readonly Line[]
  readonly head: Head
}

export function pageOf<Line extends Entry>(
  asked: Asked,
  service: string,
  book: Book,
  after: number,
  limit: number,
): Promise<BookPage<Line>> {
  return get(asked, `/${service}/${book}?after=${after}&limit=${limit}`)
}

interface Verdict {
  readonly entries: number
  /** Absent: the chain is whole. */
  readonly broken?: { readonly at: number; readonly reason: Break['reason'] | 'not_as_kept' | 'forged' }
  /** The chain has more entries than were checked. */
  readonly isPartial: boolean
}

export async function check(asked: Asked, service: string, book: Book): Promise<Verdict> {
  const { anchors, forged } = await get<Anchors>(asked, `/${service}/anchors`)
  const chain = book === 'journal' ? 'journal' : 'access_log'
  const kept = new Map(anchors.filter((one) => one.chain === chain).map(({ id, hash }) => [id, hash]))
  if (forged > 0) return { entries: 0, broken: { at: 0, reason: 'forged' }, isPartial: false }
  let last = START
  while (last.id < MOST) {
    const { entries, head } = await pageOf(asked, service, book, last.id, PAGE)
    const other = entries.find(({ id, hash }) => (kept.get(id) ?? hash) !== hash)
    if (other) return { entries: last.id, broken: { at: other.id, reason: 'not_as_kept' }, isPartial: false }
    const next = follow(last, entries)
    if ('reason' in next) return { entries: last.id, broken: next, isPartial: false }
    last = next
    if (entries.length === PAGE) continue
    const lost = Math.max(head.id, ...kept.keys())
    if (lost > last.id) return { entries: last.id, broken: { at: last.id + 1, reason: 'missing' }, isPartial: false }
    return { entries: last.id, isPartial: false }
  }
  return { entries: last.id, isPartial: true }
}

interface Anchors {
  readonly anchors: readonly { readonly chain: string; readonly id: number; readonly hash: string }[]
  readonly forged: number
}

async function get<Answer>(asked: Asked, path: string): Promise<Answer> {
  const answer = await fetchFor(asked)(path, { headers: { authorization: `Bearer ${await tokenOf(asked)}` } })
  if (!answer.ok) throw new Response(null, { status: answer.status === 403 ? 404 : answer.status })
  return (await answer.json()) as Answer
}

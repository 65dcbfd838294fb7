/** The access log: every reading of unmasked personal data, in the transaction that reads it. Nothing is read unlogged. */
import type { FastifyRequest } from 'fastify'
import type { Queryable, Tx } from '#platform/database/database'
import { withoutIdentifiers } from '#platform/free-text'
import { callerOf, isStaff } from '#platform/http/auth'
import { Problem } from '#platform/problem'
import { type Access, type AccessEntry, type Link, linked, START } from './chain.ts'

/** Adds entries to the chain, in their order. One transaction at a time adds: it holds the chain's last link. */
export async function recordAccesses(tx: Tx, accesses: readonly Access[]): Promise<void> {
  if (accesses.length === 0) return
  let last = await lockHead(tx)
  const entries = accesses.map((access) => {
    const entry = linked(access, last)
    last = entry
    return entry
  })
  for (const entry of entries) {
    await tx.query(
      `insert into personal_data_access (id, at, subject, role, about, about_id, fields, reason, previous_hash, hash)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        entry.id,
        entry.at,
        entry.subject,
        entry.role,
        entry.about,
        entry.about_id,
        entry.fields,
        entry.reason,
        entry.previous_hash,
        entry.hash,
      ],
    )
  }
  await tx.query(`update personal_data_access_head set id = $1, hash = $2`, [last.id, last.hash])
}

async function lockHead(tx: Tx): Promise<Link> {
  const [head] = await tx.query<Link>(`select id, hash from personal_data_access_head for update`)
  if (!head) throw new Error('the access log has lost its head')
  return head
}

/** What the chain says of itself; after a truncation it names an entry that is not there. */
export async function headOfAccesses(tx: Queryable): Promise<Link> {
  const [head] = await tx.query<Link>(`select id, hash from personal_data_access_head`)
  return head ?? START
}

const COLUMNS = `id, at, subject, role, about, about_id, fields, reason, previous_hash, hash`

/** In the order of the chain, behind the entry `after`. */
export const listAccesses = (tx: Queryable, after: number, limit: number) =>
  tx.query<AccessEntry>(`select ${COLUMNS} from personal_data_access where id > $1 order by id limit $2`, [
    after,
    limit,
  ])

/** Every reading of what is held about these, oldest first. */
export const accessesTo = (tx: Queryable, about: Access['about'], ids: readonly number[]) =>
  tx.query<AccessEntry>(
    `select ${COLUMNS} from personal_data_access where about = $1 and about_id = any($2::bigint[]) order by id`,
    [about, ids],
  )

/** Who reads, and why. Those who work here are refused without a reason; what is typed there names nobody by number. */
export function readerOf(request: FastifyRequest, reason: string | undefined) {
  const caller = callerOf(request)
  const given = reason?.trim() ?? ''
  if (isStaff(caller) && [...given].length < 5)
    throw new Problem('validation_failed', {
      errors: [{ path: '/querystring/reason', message: 'must say why, in 5 characters at least' }],
    })
  const { role, subject = role } = caller
  return { role, subject, reason: given === '' ? null : withoutIdentifiers(given) }
}

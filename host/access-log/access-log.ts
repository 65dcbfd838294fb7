/** The access log: every reading of unmasked personal data, in the transaction that reads it. Nothing is read unlogged. */
import type { FastifyRequest } from 'fastify'
import type { Queryable, Tx } from '#platform/database/database'
import { withoutIdentifiers } from '#platform/free-text'
import { callerOf, isStaff } from '#platform/http/auth'
import { Problem } from '#platform/problem'
import { append, columnsOf, headOf, listEntries } from '../chain/chain-store.ts'
import { type Access, type AccessEntry, accesses } from './chain.ts'

/** Adds entries to the chain, in their order. */
export async function recordAccesses(tx: Tx, readings: readonly Access[]): Promise<void> {
  await append(tx, accesses, readings)
}

export const headOfAccesses = (tx: Queryable) => headOf(tx, accesses)

export const listAccesses = (tx: Queryable, after: number, limit: number) => listEntries(tx, accesses, after, limit)

/** Every reading of data about these, oldest first. */
export const accessesTo = (tx: Queryable, about: Access['about'], ids: readonly number[]) =>
  tx.query<AccessEntry>(
    `select ${columnsOf(accesses)} from personal_data_access where about = $1 and about_id = any($2::bigint[]) order by id`,
    [about, ids],
  )

/** Who reads, and why. Staff and admins must give a reason; identifiers are removed from it. */
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

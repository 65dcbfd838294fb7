/**
 * Staff and admins read customers one by one, for a reason, or in lists. The customers that each person was shown are counted,
 * and limited by the hour, so that one stolen token cannot carry all of them away. A page with contact data is also written to
 * the access log.
 */
import type { FastifyRequest } from 'fastify'
import { recordAccesses } from '#host'
import type { Clock } from '#platform/clock'
import type { Database, Tx } from '#platform/database/database'
import { callerOf, isStaff } from '#platform/http/auth'
import { Problem } from '#platform/problem'
import type { Gauge } from '#platform/telemetry'
import { countReadings, hasRead, mostRead } from './readings-store.ts'

const HOUR_MS = 3_600_000

export interface ReadingParts {
  readonly clock: Clock
  /** How many an hour; 0 or absent: no limit. */
  readonly customersPerHour?: number
}

/** Call it in the transaction that reads them, so that none is shown uncounted; throws when there are too many. */
export async function countShown(tx: Tx, request: FastifyRequest, shown: number, parts: ReadingParts): Promise<void> {
  const caller = callerOf(request)
  if (!isStaff(caller) || shown === 0) return
  const { role, subject = role } = caller
  const now = parts.clock.now()
  const { customersPerHour = 0 } = parts
  const read = await countReadings(tx, { role, subject }, shown, now)
  if (customersPerHour === 0 || read <= customersPerHour) return
  throw new Problem('too_many_customers_read', {
    retry_after: Math.ceil((HOUR_MS - (now.getTime() % HOUR_MS)) / 1_000),
  })
}

const CONTACT = ['email', 'phone', 'birth_date', 'driver_license', 'address', 'refund_pix_key'] as const

/** Counts and logs a reading of one customer's whole contact data. People who read their own data are not recorded. */
export async function recordShown(
  tx: Tx,
  request: FastifyRequest,
  customer: { readonly id: number } & { readonly [Field in (typeof CONTACT)[number]]: unknown },
  parts: ReadingParts,
): Promise<void> {
  const caller = callerOf(request)
  if (!isStaff(caller)) return
  const { role, subject = role } = caller
  const at = parts.clock.now()
  if (!(await hasRead(tx, subject, customer.id, at))) await countShown(tx, request, 1, parts)
  const fields = CONTACT.filter((field) => customer[field] !== null)
  const { method, routeOptions } = request
  const reason = `${method} ${routeOptions.url}`
  await recordAccesses(tx, [{ at, role, subject, about: 'customer', about_id: customer.id, fields, reason }])
}

export const readingGauges = (database: Database, clock: Clock): Gauge[] => [
  {
    name: 'mercado_customers_read_by_one',
    help: 'The most customers that one person who works here was shown in this hour or the one before',
    read: async () => [{ value: await mostRead(database, clock.now()) }],
  },
]

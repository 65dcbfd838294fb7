/**
 * Sellers see the contact data of the customers whom they registered or sell to. They may find other customers and sell to
 * them, but see those masked, as in a list.
 */
import type { FastifyRequest } from 'fastify'
import type { Database } from '#platform/database/database'
import { callerOf, isSeller, nameOf } from '#platform/http/auth'
import { Problem } from '#platform/problem'
import { registrarOf } from './customer-store.ts'

export interface SellerParts {
  readonly database: Database
  /** Whether that seller has a sale to that customer; false when it cannot be asked. Absent: nobody has. */
  readonly sellsTo?: (seller: string, customer_id: number) => Promise<boolean>
}

/** Only sellers are limited; operators, admins and the customers themselves see it. */
export async function seesContact(
  request: FastifyRequest,
  customer_id: number,
  { database, sellsTo }: SellerParts,
): Promise<boolean> {
  const caller = callerOf(request)
  if (!isSeller(caller)) return true
  if ((await registrarOf(database, customer_id)) === nameOf(caller)) return true
  const { role, subject = role } = caller
  return (await sellsTo?.(subject, customer_id)) ?? false
}

export async function expectOwnCustomer(
  request: FastifyRequest,
  customer_id: number,
  parts: SellerParts,
): Promise<void> {
  if (!(await seesContact(request, customer_id, parts))) throw new Problem('not_own_customer')
}

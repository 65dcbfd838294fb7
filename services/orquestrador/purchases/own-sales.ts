/** Customers see their own purchases, and sellers their own sales; others are answered as if they did not exist. */
import type { FastifyRequest } from 'fastify'
import type { Queryable } from '#platform/database/database'
import { callerOf, expectOwn, isSeller, nameOf } from '#platform/http/auth'
import { Problem } from '#platform/problem'
import { isSoldBy } from './sale-store.ts'

interface Sale {
  readonly transaction_id: string
  readonly customer_id: number
}

/** The only seller whose sales the caller may see; undefined: any seller's. */
export function onlySeller(request: FastifyRequest): string | undefined {
  const caller = callerOf(request)
  return isSeller(caller) ? (caller.subject ?? nameOf(caller)) : undefined
}

export async function expectOwnSale(
  database: Queryable,
  request: FastifyRequest,
  { transaction_id, customer_id }: Sale,
  otherwise: 'saga_not_found' | 'transaction_not_found' | 'return_not_found',
): Promise<void> {
  expectOwn(request, customer_id, otherwise)
  const seller = onlySeller(request)
  if (seller !== undefined && !(await isSoldBy(database, seller, transaction_id))) throw new Problem(otherwise)
}

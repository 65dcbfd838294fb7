/** Customers see their own purchases, and sellers their own sales; others are answered as if they did not exist. */
import type { FastifyRequest } from 'fastify'
import type { Queryable } from '#platform/database/database'
import { callerOf, expectOwn, isSeller, isStaff, nameOf, refuseOwnRecord } from '#platform/http/auth'
import { Problem } from '#platform/problem'
import { findSaga } from '../runner/saga-store.ts'
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

/** Throws `own_record` if a member of staff acts on their own purchase or return. */
export async function refuseOwnPurchase(database: Queryable, request: FastifyRequest, transaction_id: string) {
  const caller = callerOf(request)
  if (!isStaff(caller) || caller.customer_id === undefined) return
  const saga = await findSaga(database, transaction_id)
  if (saga) refuseOwnRecord(request, saga.data.customer_id)
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

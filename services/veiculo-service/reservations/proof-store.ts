/** The SQL of purchases that need no proof of payment. */
import type { Queryable } from '#platform/database/database'

/** Whether the purchase reserved before proofs were asked for. */
export async function needsNoProof(tx: Queryable, transaction_id: string): Promise<boolean> {
  const found = await tx.query(
    `select from vehicle_reservations where transaction_id = $1
     and created_at < (select max(reserved_before) from sales_without_proof)`,
    [transaction_id],
  )
  return found.length > 0
}

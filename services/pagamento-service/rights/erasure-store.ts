/** The SQL that deletes codes and payments whose time is over. */
import type { Tx } from '#platform/database/database'

/** Deletes everything about these people's purchases, including unmatched money and owed items. */
export async function erasePayments(tx: Tx, customer_ids: readonly number[]): Promise<void> {
  const codes = await tx.query<{ transaction_id: string; code: string }>(
    `select transaction_id, code from payment_codes where customer_id = any($1::bigint[]) order by transaction_id for update`,
    [customer_ids],
  )
  const transactions = codes.map(({ transaction_id }) => transaction_id)
  await tx.query(
    `delete from unmatched_payments where transaction_id = any($1::uuid[]) or payment_code = any($2::text[])`,
    [transactions, codes.map(({ code }) => code)],
  )
  await tx.query(`delete from owed_items where customer_id = any($1::bigint[])`, [customer_ids])
  await tx.query(`delete from payment_debts where transaction_id = any($1::uuid[])`, [transactions])
  await tx.query(`delete from payment_parts where transaction_id = any($1::uuid[])`, [transactions])
  await tx.query(`delete from payments where transaction_id = any($1::uuid[])`, [transactions])
  await tx.query(`delete from payment_codes where transaction_id = any($1::uuid[])`, [transactions])
}

/** The SQL that binds an account to one customer, and a customer to one account. */
import type { Queryable, Tx } from '#platform/database/database'

export async function customerOfAccount(tx: Queryable, account_id: string): Promise<number | undefined> {
  const [row] = await tx.query<{ customer_id: number }>(
    `select customer_id from account_customers where account_id = $1`,
    [account_id],
  )
  return row?.customer_id
}

/** Throws when the account has a customer, or the customer an account. */
export async function insertAccountCustomer(tx: Tx, account_id: string, customer_id: number, now: Date): Promise<void> {
  await tx.query(`insert into account_customers (account_id, customer_id, at) values ($1, $2, $3)`, [
    account_id,
    customer_id,
    now,
  ])
}

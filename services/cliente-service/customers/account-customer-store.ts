/** The SQL that binds an account to one customer, and a customer to one account. */
import type { Queryable, Tx } from '#platform/database/database'
import type { Registered } from '../domain/claim.ts'

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

/** Gives one person's customers to another. */
export async function handOverCustomers(tx: Tx, from: string, to: string): Promise<void> {
  await tx.query(`update customers set registered_by = $2 where registered_by = any($1::text[])`, [
    [`staff ${from}`, `admin ${from}`],
    to,
  ])
}

type Standing = Pick<Registered, 'registered_by' | 'has_account' | 'is_deceased'>

/** Who registered a customer, whether an account has them, and whether they have died. */
export async function registrationOf(tx: Queryable, customer_id: number): Promise<Standing> {
  const [row] = await tx.query<Standing>(
    `select registered_by, is_deceased, exists (select from account_customers where customer_id = id) as has_account
     from customers where id = $1`,
    [customer_id],
  )
  return row ?? { registered_by: null, has_account: false, is_deceased: false }
}

/** In the order of the accounts' ids, after one id; without erased customers. */
export const customerTies = (tx: Queryable, after: string | null, limit: number) =>
  tx.query<{ account_id: string; customer_id: number; at: Date }>(
    `select account_id, customer_id, at from account_customers join customers on customers.id = customer_id
     where status <> 'erased' and ($1::uuid is null or account_id > $1) order by account_id limit $2`,
    [after, limit],
  )

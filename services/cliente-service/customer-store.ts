/** The customers' SQL, but for what holds do to them (credit-store.ts). */
import type { Queryable, Tx } from '#platform/database'
import type { Customer, CustomerStatus } from './domain/customer.ts'

const COLUMNS = `id, name, email, phone, document, account_balance_cents, credit_limit_cents, used_credit_cents, status,
  to_char(birth_date, 'YYYY-MM-DD') as birth_date, driver_license, address, refund_pix_key, consents,
  created_at, updated_at`

export type NewCustomer = Omit<Customer, 'id' | 'status' | 'used_credit_cents' | 'created_at' | 'updated_at'>

/** Throws on `customers_document_unique` and `customers_email_unique`. */
export async function insertCustomer(tx: Queryable, customer: NewCustomer, now: Date): Promise<Customer> {
  const [row] = await tx.query<Customer>(
    `insert into customers (name, email, phone, birth_date, driver_license, address, refund_pix_key, consents,
       account_balance_cents, credit_limit_cents, updated_at, document, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $11) returning ${COLUMNS}`,
    [...amendable({ ...customer, updated_at: now }), customer.document],
  )
  if (!row) throw new Error('the insert returned no row')
  return row
}

/** Throws on `customers_email_unique`. */
export async function updateCustomer(tx: Tx, customer: Customer): Promise<void> {
  void tx.write(
    `update customers set name = $1, email = $2, phone = $3, birth_date = $4, driver_license = $5, address = $6,
       refund_pix_key = $7, consents = $8, account_balance_cents = $9, credit_limit_cents = $10, updated_at = $11
     where id = $12`,
    [...amendable(customer), customer.id],
  )
}

const amendable = (customer: NewCustomer & Pick<Customer, 'updated_at'>) => [
  customer.name,
  customer.email,
  customer.phone,
  customer.birth_date,
  customer.driver_license,
  customer.address,
  customer.refund_pix_key,
  customer.consents,
  customer.account_balance_cents,
  customer.credit_limit_cents,
  customer.updated_at,
]

/** Those of the ids that exist, in no order. */
export const findCustomers = (tx: Queryable, ids: readonly number[]) =>
  tx.query<Customer>(`select ${COLUMNS} from customers where id = any($1::bigint[])`, [ids])

export async function lockCustomer(tx: Tx, id: number): Promise<Customer | undefined> {
  const [customer] = await tx.query<Customer>(`select ${COLUMNS} from customers where id = $1 for update`, [id])
  return customer
}

/** In the order of their ids, from the one behind `after`. */
export const listCustomers = (tx: Queryable, status: CustomerStatus | null, after: number, limit: number) =>
  tx.query<Customer>(
    `select ${COLUMNS} from customers where ($1::text is null or status = $1) and id > $2 order by id limit $3`,
    [status, after, limit],
  )

export async function countCustomers(tx: Queryable, status: CustomerStatus | null): Promise<number> {
  const [row] = await tx.query<{ total: number }>(
    `select count(*) as total from customers where ($1::text is null or status = $1)`,
    [status],
  )
  return row?.total ?? 0
}

/** The customers' SQL, but for what holds do to them (credit-store.ts). */
import type { Queryable, Tx } from '#platform/database'
import type { Versioned } from '#platform/etag'
import { totalOf } from '#platform/total-store'
import type { Customer, CustomerStatus } from './domain/customer.ts'

const COLUMNS = `id, name, email, phone, document, account_balance_cents, credit_limit_cents, used_credit_cents, status,
  to_char(birth_date, 'YYYY-MM-DD') as birth_date, driver_license, address, refund_pix_key, consents,
  blocked_reason, blocked_at, created_at, updated_at, xmin::text as row_version`

/** A customer as a row: with the version that an entity tag is made of. */
export type CustomerRow = Customer & Versioned

export type NewCustomer = Omit<
  Customer,
  'id' | 'status' | 'used_credit_cents' | 'blocked_reason' | 'blocked_at' | 'created_at' | 'updated_at'
>

/** Throws on `customers_document_unique` and `customers_email_unique`. */
export async function insertCustomer(tx: Queryable, customer: NewCustomer, now: Date): Promise<CustomerRow> {
  const [row] = await tx.query<CustomerRow>(
    `insert into customers (name, email, phone, birth_date, driver_license, address, refund_pix_key, consents,
       account_balance_cents, credit_limit_cents, updated_at, document, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $11) returning ${COLUMNS}`,
    [...amendable({ ...customer, updated_at: now }), customer.document],
  )
  if (!row) throw new Error('the insert returned no row')
  return row
}

/** Returns the row with its new version. Throws on `customers_email_unique`. */
export async function updateCustomer(tx: Tx, customer: CustomerRow): Promise<CustomerRow> {
  const [written] = await tx.query<Pick<CustomerRow, 'row_version'>>(
    `update customers set name = $1, email = $2, phone = $3, birth_date = $4, driver_license = $5, address = $6,
       refund_pix_key = $7, consents = $8, account_balance_cents = $9, credit_limit_cents = $10, updated_at = $11
     where id = $12 returning xmin::text as row_version`,
    [...amendable(customer), customer.id],
  )
  return { ...customer, ...written }
}

/** Whether the customer may buy. Returns the row with its new version. */
export async function updateStanding(tx: Tx, customer: CustomerRow): Promise<CustomerRow> {
  const { id, status, blocked_reason, blocked_at, updated_at } = customer
  const [written] = await tx.query<Pick<CustomerRow, 'row_version'>>(
    `update customers set status = $1, blocked_reason = $2, blocked_at = $3, updated_at = $4
     where id = $5 returning xmin::text as row_version`,
    [status, blocked_reason, blocked_at, updated_at, id],
  )
  return { ...customer, ...written }
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
  tx.query<CustomerRow>(`select ${COLUMNS} from customers where id = any($1::bigint[])`, [ids])

export async function lockCustomer(tx: Tx, id: number): Promise<CustomerRow | undefined> {
  const [customer] = await tx.query<CustomerRow>(`select ${COLUMNS} from customers where id = $1 for update`, [id])
  return customer
}

/**
 * In the order of their ids, from the one behind `after`. One statement each, with and without a status: a plan that
 * must serve both reads every customer to find the few that are blocked.
 */
export const listCustomers = (tx: Queryable, status: CustomerStatus | null, after: number, limit: number) =>
  status === null
    ? tx.query<CustomerRow>(`select ${COLUMNS} from customers where id > $1 order by id limit $2`, [after, limit])
    : tx.query<CustomerRow>(`select ${COLUMNS} from customers where status = $1 and id > $2 order by id limit $3`, [
        status,
        after,
        limit,
      ])

/** As exact as `totalOf`. */
export const countCustomers = (tx: Queryable, status: CustomerStatus | null): Promise<number> =>
  status === null
    ? totalOf(tx, `select from customers`, [])
    : totalOf(tx, `select from customers where status = $1`, [status])

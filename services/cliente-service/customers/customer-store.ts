/**
 * The SQL of customers, except for what holds do to them (credit-store.ts). Their personal data lies sealed in `people`, one row
 * a customer. Only this file seals and opens it: its callers see plain texts.
 */
import type { Queryable, Tx } from '#platform/database/database'
import { totalOf } from '#platform/database/total'
import type { Versioned } from '#platform/http/etag'
import type { SealedTable } from '#platform/vault/reseal-store'
import type { Vault } from '#platform/vault/vault'
import type { Account, Customer, CustomerStatus } from '../domain/customer.ts'
import { writeBeginnings } from './beginnings-store.ts'

/** The sealed columns of a customer, and where they are. */
const PEOPLE = {
  name: 'people',
  key: 'customer_id',
  columns: [
    'name',
    'email',
    'phone',
    'document',
    'birth_date',
    'driver_license',
    'address',
    'refund_pix_key',
    'representative',
  ],
} as const satisfies SealedTable

export const sealedTables: readonly SealedTable[] = [
  PEOPLE,
  { name: 'customers', key: 'id', columns: ['blocked_reason'] },
]

const ACCOUNT = `customers.id, account_balance_cents, credit_limit_cents, used_credit_cents, status`
const COLUMNS = `${ACCOUNT}, consents, blocked_reason, blocked_at, created_at, updated_at,
  email_proven_at, email_changed_at, customers.xmin::text as row_version, ${PEOPLE.columns.map((column) => `people.${column}`).join(', ')}`
const CUSTOMERS = `customers join people on people.customer_id = customers.id`

/** A customer as a row: with the version that an entity tag is made of. */
export type CustomerRow = Customer & Versioned

type GivenLater = 'used_credit_cents' | 'blocked_reason' | 'blocked_at' | 'email_proven_at' | 'email_changed_at'
export type NewCustomer = Omit<Customer, 'id' | 'status' | 'created_at' | 'updated_at' | GivenLater>

type Person = Pick<Customer, (typeof PEOPLE.columns)[number]>

/** The fields of a person as texts, one each. */
type PersonTexts = { readonly [Field in keyof Person]: null extends Person[Field] ? string | null : string }

type StoredCustomer = Omit<CustomerRow, keyof Person> & PersonTexts

/** Throws on `customers_document_unique` and `customers_email_unique`. */
export async function insertCustomer(tx: Tx, vault: Vault, given: NewCustomer, now: Date): Promise<CustomerRow> {
  const [sealer, [next]] = await Promise.all([
    vault.sealing(tx),
    tx.query<{ id: number }>(`select nextval(pg_get_serial_sequence('customers', 'id')) as id`),
  ])
  if (!next) throw new Error('the sequence has no number')
  const { id } = next
  const { account_balance_cents, credit_limit_cents, consents } = given
  const sealed = sealer.sealAll(PEOPLE.name, id, textsOf(given))
  const [row] = await tx.query<Pick<CustomerRow, 'row_version'>>(
    `with added as (
       insert into customers (id, account_balance_cents, credit_limit_cents, consents, created_at, updated_at)
       overriding system value values ($1, $2, $3, $4, $5, $5) returning id, xmin::text as row_version
     ), person as (
       insert into people (customer_id, ${PEOPLE.columns.join(', ')}, document_fingerprint, email_fingerprint)
       select id, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16 from added
     ) select row_version from added`,
    [
      id,
      account_balance_cents,
      credit_limit_cents,
      consents,
      now,
      ...valuesOf(sealed),
      ...fingerprintsOf(vault, given),
    ],
  )
  if (!row) throw new Error('the insert returned no row')
  await writeBeginnings(tx, vault, id, given.name)
  const standing = { status: 'active', used_credit_cents: 0, blocked_reason: null, blocked_at: null } as const
  const contact = { email_proven_at: null, email_changed_at: null }
  return { ...given, ...standing, ...contact, id, created_at: now, updated_at: now, row_version: row.row_version }
}

/** The member of staff who registered them; null when they did so themselves, or are not known. */
export async function registrarOf(tx: Queryable, id: number): Promise<string | null> {
  const [found] = await tx.query<{ registered_by: string | null }>(
    `select registered_by from customers where id = $1`,
    [id],
  )
  return found?.registered_by ?? null
}

/**
 * Stores who registered them: they are that person's customer. In the registration's transaction, so that the version
 * stays.
 */
export const writeRegistrar = (tx: Tx, id: number, registered_by: string): void =>
  tx.write(`update customers set registered_by = $2 where id = $1`, [id, registered_by])

/**
 * Returns the row with its new version. An e-mail that changes is unproven again, whoever changes it. Throws on
 * `customers_document_unique` and `customers_email_unique`.
 */
export async function updateCustomer(tx: Tx, vault: Vault, customer: CustomerRow): Promise<CustomerRow> {
  const { id, account_balance_cents, credit_limit_cents, consents, updated_at } = customer
  const sealed = (await vault.sealing(tx)).sealAll(PEOPLE.name, id, textsOf(customer))
  const [written] = await tx.query<Pick<CustomerRow, 'row_version' | 'email_proven_at' | 'email_changed_at'>>(
    `with person as (
       update people set ${PEOPLE.columns.map((column, index) => `${column} = $${index + 6}`).join(', ')},
         document_fingerprint = $15, email_fingerprint = $16,
         email_proven_at = case when email_fingerprint is not distinct from $16 then email_proven_at end,
         email_changed_at = case when email_fingerprint is not distinct from $16 then email_changed_at else $5 end
       where customer_id = $1 returning email_proven_at, email_changed_at
     )
     update customers set account_balance_cents = $2, credit_limit_cents = $3, consents = $4, updated_at = $5
     from person where id = $1 returning customers.xmin::text as row_version, person.email_proven_at, person.email_changed_at`,
    [
      ...[id, account_balance_cents, credit_limit_cents, consents, updated_at],
      ...valuesOf(sealed),
      ...fingerprintsOf(vault, customer),
    ],
  )
  await writeBeginnings(tx, vault, id, customer.status === 'erased' ? null : customer.name)
  return { ...customer, ...written }
}

/** Stores whether the customer may buy, and who decided that. Returns the row with its new version. */
export async function updateStanding(
  tx: Tx,
  vault: Vault,
  customer: CustomerRow,
  by: string | null = null,
): Promise<CustomerRow> {
  const { id, status, blocked_reason, blocked_at, updated_at } = customer
  const { blocked_reason: sealed } = (await vault.sealing(tx)).sealAll('customers', id, { blocked_reason })
  const [written] = await tx.query<Pick<CustomerRow, 'row_version'>>(
    `update customers set status = $1, blocked_reason = $2, blocked_at = $3, updated_at = $4, blocked_by = $6
     where id = $5 returning xmin::text as row_version`,
    [status, sealed, blocked_at, updated_at, id, status === 'blocked' ? by : null],
  )
  return { ...customer, ...written }
}

/** Call it in the transaction that blocks them, or lets them buy again. */
export const markDeceased = (tx: Tx, id: number, is_deceased: boolean): void =>
  tx.write(`update customers set is_deceased = $2 where id = $1 and is_deceased <> $2`, [id, is_deceased])

export async function isDeceased(tx: Queryable, id: number): Promise<boolean> {
  const [found] = await tx.query<{ is_deceased: boolean }>(`select is_deceased from customers where id = $1`, [id])
  return found?.is_deceased === true
}

/** Marks their present e-mail as proved. */
export const writeEmailProven = (tx: Tx, id: number, at: Date): void =>
  tx.write(`update people set email_proven_at = $2 where customer_id = $1`, [id, at])

/** The unique values, in the order of the columns. */
export const fingerprintsOf = (vault: Vault, { document, email }: Pick<Customer, 'document' | 'email'>) => [
  ofDocument(vault, document),
  ofEmail(vault, email),
]

const ofDocument = (vault: Vault, document: string) => vault.fingerprint('people.document', document)
/** The case of letters does not count. */
const ofEmail = (vault: Vault, email: string | null) =>
  email === null ? null : vault.fingerprint('people.email', email.toLowerCase())

/** In the order of the columns. */
export const valuesOf = (person: PersonTexts) => PEOPLE.columns.map((column) => person[column])

export const textsOf = ({ address, representative, ...person }: Person): PersonTexts => ({
  name: person.name,
  email: person.email,
  phone: person.phone,
  document: person.document,
  birth_date: person.birth_date,
  driver_license: person.driver_license,
  address: address && JSON.stringify(address),
  refund_pix_key: person.refund_pix_key,
  representative: representative && JSON.stringify(representative),
})

const opened = (vault: Vault, rows: readonly StoredCustomer[]): Promise<CustomerRow[]> =>
  Promise.all(rows.map((row) => openedRow(vault, row)))

/** A damaged row, or one whose key is lost, is shown without its data and does not break the page. */
const openedForList = (vault: Vault, rows: readonly StoredCustomer[]): Promise<CustomerRow[]> =>
  Promise.all(rows.map((row) => openedRow(vault, row).catch(() => ({ ...row, ...UNREADABLE }))))

const UNREADABLE = {
  ...{ name: '(unreadable)', email: '', phone: '', document: '' },
  ...{
    birth_date: null,
    driver_license: null,
    address: null,
    refund_pix_key: null,
    representative: null,
    blocked_reason: null,
  },
}

async function openedRow(vault: Vault, row: StoredCustomer): Promise<CustomerRow> {
  const { name, email, phone, document, birth_date, driver_license, address, refund_pix_key, ...others } = row
  const { representative, ...account } = others
  const texts = {
    name,
    email,
    phone,
    document,
    birth_date,
    driver_license,
    address,
    refund_pix_key,
    representative,
  }
  const [person, { blocked_reason }] = await Promise.all([
    vault.openAll(PEOPLE.name, row.id, texts),
    vault.openAll('customers', row.id, { blocked_reason: row.blocked_reason }),
  ])
  return {
    ...account,
    ...person,
    blocked_reason,
    address: person.address && JSON.parse(person.address),
    representative: person.representative && JSON.parse(person.representative),
  }
}

/** The customers with these ids, in no order; unknown ids are left out. */
export const findCustomers = async (tx: Queryable, vault: Vault, ids: readonly number[]) =>
  opened(
    vault,
    await tx.query<StoredCustomer>(`select ${COLUMNS} from ${CUSTOMERS} where customers.id = any($1::bigint[])`, [ids]),
  )

type Contact = Pick<Customer, 'id' | 'status' | 'email_proven_at' | 'email'> & { readonly name: string | null }

/** Opens only name and address. A damaged row has neither, so that everybody else still gets their mail. */
export async function findContacts(tx: Queryable, vault: Vault, ids: readonly number[]): Promise<Contact[]> {
  const rows = await tx.query<Contact>(
    `select customers.id, status, email_proven_at, people.name, people.email from ${CUSTOMERS} where customers.id = any($1::bigint[])`,
    [ids],
  )
  return Promise.all(
    rows.map(async ({ name, email, ...row }) => {
      const unreadable = { name: null, email: null }
      return { ...row, ...(await vault.openAll(PEOPLE.name, row.id, { name, email }).catch(() => unreadable)) }
    }),
  )
}

/** As `findCustomers`, for a page of them. */
export const findForList = async (tx: Queryable, vault: Vault, ids: readonly number[]) =>
  openedForList(
    vault,
    await tx.query<StoredCustomer>(`select ${COLUMNS} from ${CUSTOMERS} where customers.id = any($1::bigint[])`, [ids]),
  )

/** The customer with exactly this bare document, or this e-mail. */
export async function findByIdentity(
  tx: Queryable,
  vault: Vault,
  sought: { readonly document: string } | { readonly email: string },
): Promise<CustomerRow[]> {
  const [column, fingerprint] =
    'document' in sought
      ? ['document_fingerprint', ofDocument(vault, sought.document)]
      : ['email_fingerprint', ofEmail(vault, sought.email)]
  const rows = await tx.query<StoredCustomer>(`select ${COLUMNS} from ${CUSTOMERS} where people.${column} = $1`, [
    fingerprint,
  ])
  // a fingerprint that was copied to another row finds nobody
  return (await openedForList(vault, rows)).filter((found) =>
    'document' in sought
      ? found.document === sought.document
      : found.email?.toLowerCase() === sought.email.toLowerCase(),
  )
}

/** Like findCustomers, but without personal data: nothing is opened. */
export const findAccounts = (tx: Queryable, ids: readonly number[]) =>
  tx.query<Account>(`select ${ACCOUNT} from customers where id = any($1::bigint[])`, [ids])

/** Locks both rows. If one were read without its lock, its older version would come back with the newer account. */
export async function lockCustomer(tx: Tx, vault: Vault, id: number): Promise<CustomerRow | undefined> {
  const rows = await tx.query<StoredCustomer>(
    `select ${COLUMNS} from ${CUSTOMERS} where customers.id = $1 for update`,
    [id],
  )
  const [customer] = await opened(vault, rows)
  return customer
}

/**
 * In the order of their ids, after the id `after`. There are two statements, with and without a status: one plan for both
 * would read every customer to find the few that are blocked.
 */
export async function listCustomers(
  tx: Queryable,
  vault: Vault,
  status: CustomerStatus | null,
  after: number,
  limit: number,
): Promise<CustomerRow[]> {
  const rows =
    status === null
      ? tx.query<StoredCustomer>(
          `select ${COLUMNS} from ${CUSTOMERS} where customers.id > $1 order by customers.id limit $2`,
          [after, limit],
        )
      : tx.query<StoredCustomer>(
          `select ${COLUMNS} from ${CUSTOMERS} where status = $1 and customers.id > $2 order by customers.id limit $3`,
          [status, after, limit],
        )
  return openedForList(vault, await rows)
}

/** As exact as `totalOf`. */
export const countCustomers = (tx: Queryable, status: CustomerStatus | null): Promise<number> =>
  status === null
    ? totalOf(tx, `select from customers`, [])
    : totalOf(tx, `select from customers where status = $1`, [status])

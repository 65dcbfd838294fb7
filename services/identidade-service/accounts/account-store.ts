/** The SQL of accounts: their rights, their customers, and the sealed data of their owners. */
import type { Queryable, Tx } from '#platform/database/database'
import type { SealedTable } from '#platform/vault/reseal-store'
import type { Vault } from '#platform/vault/vault'
import type { Registration } from '../domain/registration.ts'
import type { Fingerprints } from './fingerprints.ts'

const SEALED = {
  name: 'accounts',
  key: 'id',
  columns: ['email', 'pending_email', 'name', 'document', 'registration'],
} as const satisfies SealedTable

export const sealedAccounts: SealedTable = SEALED

type AccountRole = 'customer' | 'staff' | 'admin'
type StaffScope = 'seller' | 'operator'

/** The part without sealed fields, read for every token. */
export interface Account {
  readonly id: number
  readonly user_id: string
  readonly role: AccountRole
  readonly scope: StaffScope | null
  readonly customer_id: number | null
  readonly registration_refused: boolean
  readonly email_changed_at: Date | null
  readonly created_at: Date
  readonly deactivated_at: Date | null
  readonly handed_to: string | null
  readonly discount_limit: number | null
  readonly lent_discount_limit: number | null
  readonly lent_until: Date | null
  readonly own_customer_id: number | null
  readonly has_totp: boolean
  readonly passkeys: number
}

export interface NewAccount {
  readonly user_id: string
  readonly role: AccountRole
  readonly scope: StaffScope | null
  readonly email: string
  readonly name: string | null
  readonly document: string | null
  readonly registration: Registration | null
  readonly password_hash: string
}

const COLUMNS = `accounts.id, user_id, role, scope, customer_id, registration_refused, email_changed_at, created_at,
  deactivated_at, handed_to, discount_limit, lent_discount_limit, lent_until, own_customer_id, coalesce("user"."twoFactorEnabled", false) as has_totp,
  (select count(*) from passkey where "userId" = user_id) as passkeys`
const ACCOUNTS = `accounts join "user" on "user"."id" = user_id`

/**
 * The library's rows of an account with a proven address, and ours beside them, in one transaction. Throws on the unique
 * constraint of "user".email.
 */
export async function insertAccount(
  tx: Tx,
  { vault, prints }: { vault: Vault; prints: Fingerprints },
  given: NewAccount,
  now: Date,
): Promise<void> {
  const { user_id, role, scope, password_hash } = given
  const [sealer, [next]] = await Promise.all([
    vault.sealing(tx),
    tx.query<{ id: number }>(`select nextval(pg_get_serial_sequence('accounts', 'id')) as id`),
  ])
  if (!next) throw new Error('the sequence has no number')
  const sealed = sealer.sealAll(SEALED.name, next.id, {
    email: given.email,
    name: given.name,
    document: given.document,
    registration: given.registration && JSON.stringify(given.registration),
  })
  await tx.query(
    `with person as (
       insert into "user" ("id", "name", "email", "emailVerified", "createdAt", "updatedAt")
       values ($1, 'conta', $2, true, $3, $3) returning "id"
     ), credential as (
       insert into "account" ("id", "accountId", "providerId", "userId", "password", "createdAt", "updatedAt")
       select "id", "id", 'credential', "id", $4, $3, $3 from person
     )
     insert into accounts (id, user_id, role, scope, email, name, document, document_fingerprint, registration, created_at)
     overriding system value select $5, "id", $6, $7, $8, $9, $10, $11, $12, $3 from person`,
    [
      ...[user_id, prints.addressOf(given.email), now, password_hash, next.id, role, scope],
      ...[sealed.email, sealed.name, sealed.document],
      ...[given.document && prints.documentOf(given.document), sealed.registration],
    ],
  )
}

export async function findAccount(tx: Queryable, user_id: string): Promise<Account | undefined> {
  const [found] = await tx.query<Account>(`select ${COLUMNS} from ${ACCOUNTS} where user_id = $1`, [user_id])
  return found
}

export async function findAccountByAddress(tx: Queryable, address: string): Promise<Account | undefined> {
  const [found] = await tx.query<Account>(`select ${COLUMNS} from ${ACCOUNTS} where "user"."email" = $1`, [address])
  return found
}

export async function findAccountOfCustomer(tx: Queryable, customer_id: number): Promise<Account | undefined> {
  const [found] = await tx.query<Account>(`select ${COLUMNS} from ${ACCOUNTS} where customer_id = $1`, [customer_id])
  return found
}

interface SealedPerson {
  readonly id: number
  readonly user_id: string
  /** From the library: which of the two addresses it has proved. */
  readonly address: string
  readonly email: string
  readonly pending_email: string | null
  readonly name: string | null
  readonly document: string | null
  readonly registration: string | null
}

export interface AccountPerson {
  readonly email: string
  readonly name: string | null
  readonly document: string | null
  readonly registration: Registration | null
}

/** The owner's data, opened. The e-mail is the one that the library has proved, because a change may have been interrupted. */
export async function openPerson(
  tx: Queryable,
  { vault, prints }: { vault: Vault; prints: Fingerprints },
  user_id: string,
): Promise<AccountPerson | undefined> {
  const [row] = await tx.query<SealedPerson>(
    `select accounts.id, user_id, "user"."email" as address, accounts.email, pending_email, accounts.name, document,
       registration from ${ACCOUNTS} where user_id = $1`,
    [user_id],
  )
  if (!row) return undefined
  const { email, pending_email, name, document, registration } = row
  const open = await vault.openAll(SEALED.name, row.id, { email, pending_email, name, document, registration })
  const isChanged = open.pending_email !== null && prints.addressOf(open.pending_email) === row.address
  return {
    email: (isChanged ? open.pending_email : open.email) ?? '',
    name: open.name,
    document: open.document,
    registration: open.registration === null ? null : JSON.parse(open.registration),
  }
}

/** The customer was made or claimed, so the registration is deleted. Throws on `accounts_customer_unique`. */
export async function tieCustomer(tx: Queryable, user_id: string, customer_id: number): Promise<void> {
  await tx.query(
    `update accounts set customer_id = $2, registration = null, registration_refused = false
     where user_id = $1 and (customer_id is null or customer_id = $2)`,
    [user_id, customer_id],
  )
}

/** cliente-service knows the document or the e-mail, so there may be a record to claim. The registration is kept for that. */
export async function refuseRegistration(tx: Queryable, user_id: string): Promise<void> {
  await tx.query(`update accounts set registration_refused = true where user_id = $1 and customer_id is null`, [
    user_id,
  ])
}

/** Accounts whose customer is still to be made, oldest first. */
export const accountsWithoutCustomer = (tx: Queryable, limit: number) =>
  tx.query<{ user_id: string }>(
    `select user_id from accounts where role = 'customer' and customer_id is null and registration is not null
       and not registration_refused order by id limit $1`,
    [limit],
  )

export async function keepPendingEmail(tx: Tx, vault: Vault, user_id: string, pending_email: string): Promise<void> {
  const [row] = await tx.query<{ id: number }>(`select id from accounts where user_id = $1 for update`, [user_id])
  if (!row) return
  const sealed = (await vault.sealing(tx)).sealAll(SEALED.name, row.id, { pending_email })
  await tx.query(`update accounts set pending_email = $2 where id = $1`, [row.id, sealed.pending_email])
}

/** The library has proved the new address. */
export async function settleEmail(tx: Tx, vault: Vault, user_id: string, email: string, now: Date): Promise<void> {
  const [row] = await tx.query<{ id: number }>(`select id from accounts where user_id = $1 for update`, [user_id])
  if (!row) return
  const sealed = (await vault.sealing(tx)).sealAll(SEALED.name, row.id, { email })
  await tx.query(
    `update accounts set email = $2, pending_email = null, email_changed_at = $3,
     email_to_carry = customer_id is not null where id = $1`,
    [row.id, sealed.email, now],
  )
}

/** Accounts whose customer still has to get the new address. */
export const accountsToCarry = (tx: Queryable, limit: number) =>
  tx.query<{ user_id: string }>(`select user_id from accounts where email_to_carry order by id limit $1`, [limit])

export async function markCarried(tx: Queryable, user_id: string): Promise<void> {
  await tx.query(`update accounts set email_to_carry = false where user_id = $1`, [user_id])
}

/** For staff and admins: their own customer record. */
export async function writeOwnRecord(tx: Queryable, user_id: string, customer_id: number | null): Promise<void> {
  await tx.query(
    `update accounts set own_customer_id = $2 where user_id = $1 and own_customer_id is distinct from $2`,
    [user_id, customer_id],
  )
}

/** For staff and admins: it finds their own customer record. */
export async function writeDocument(
  tx: Tx,
  { vault, prints }: { vault: Vault; prints: Fingerprints },
  user_id: string,
  document: string,
): Promise<void> {
  const [row] = await tx.query<{ id: number }>(`select id from accounts where user_id = $1 for update`, [user_id])
  if (!row) return
  const sealed = (await vault.sealing(tx)).sealAll(SEALED.name, row.id, { document })
  await tx.query(`update accounts set document = $2, document_fingerprint = $3 where id = $1`, [
    row.id,
    sealed.document,
    prints.documentOf(document),
  ])
}

/** In the order of their ids, after one id. Accounts of staff have no customer, and wait for none. */
export const accountTies = (tx: Queryable, after: string | null, limit: number) =>
  tx.query<{ account_id: string; customer_id: number | null; waits: boolean; created_at: Date }>(
    `select user_id as account_id, customer_id, created_at,
       role = 'customer' and customer_id is null and registration is not null and not registration_refused as waits
     from accounts where $1::text is null or user_id > $1 order by user_id limit $2`,
    [after, limit],
  )

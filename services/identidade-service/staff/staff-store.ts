/** The SQL of staff. */
import type { Queryable, Tx } from '#platform/database/database'
import type { Vault } from '#platform/vault/vault'

export interface StaffRow {
  readonly id: number
  readonly account_id: string
  readonly role: 'staff' | 'admin'
  readonly scope: 'seller' | 'operator' | null
  readonly email: string
  readonly name: string | null
  readonly discount_limit: number | null
  readonly lent_discount_limit: number | null
  readonly lent_until: Date | null
  readonly has_second_factor: boolean
  readonly created_at: Date
  readonly deactivated_at: Date | null
  readonly handed_to: string | null
}

/** A damaged row is shown without name and address, so that it does not break the list. */
export async function listStaff(tx: Queryable, vault: Vault): Promise<StaffRow[]> {
  const rows = await tx.query<StaffRow>(
    `select accounts.id, user_id as account_id, role, scope, accounts.email, accounts.name, discount_limit,
       lent_discount_limit, lent_until, created_at, deactivated_at, handed_to,
       coalesce("user"."twoFactorEnabled", false) or exists (select from passkey where "userId" = user_id) as has_second_factor
     from accounts join "user" on "user"."id" = user_id where role <> 'customer' order by accounts.id`,
  )
  return Promise.all(
    rows.map(async (row) => ({
      ...row,
      ...(await vault.openAll('accounts', row.id, { email: row.email, name: row.name }).catch(() => UNREADABLE)),
    })),
  ) as Promise<StaffRow[]>
}

const UNREADABLE = { email: '', name: null }

export interface StaffState {
  readonly role: 'staff' | 'admin'
  readonly scope: 'seller' | 'operator' | null
  readonly discount_limit: number | null
  readonly lent_discount_limit: number | null
  readonly lent_until: Date | null
  readonly deactivated_at: Date | null
  readonly handed_to: string | null
}

export async function lockStaff(tx: Tx, account_id: string): Promise<StaffState | undefined> {
  const [row] = await tx.query<StaffState>(
    `select role, scope, discount_limit, lent_discount_limit, lent_until, deactivated_at, handed_to from accounts
     where user_id = $1 and role <> 'customer' for update`,
    [account_id],
  )
  return row
}

export async function updateStaff(tx: Tx, account_id: string, state: StaffState): Promise<void> {
  const { role, scope, discount_limit, lent_discount_limit, lent_until, deactivated_at, handed_to } = state
  await tx.query(
    `update accounts set role = $2, scope = $3, discount_limit = $4, lent_discount_limit = $5, lent_until = $6,
       deactivated_at = $7, handed_to = $8 where user_id = $1`,
    [account_id, role, scope, discount_limit, lent_discount_limit, lent_until, deactivated_at, handed_to],
  )
}

/** How many can still invite others; the number stays until the transaction ends. */
export async function lockAdmins(tx: Tx): Promise<number> {
  const rows = await tx.query(
    `select from accounts where role = 'admin' and deactivated_at is null order by id for update`,
  )
  return rows.length
}

export async function endSessions(tx: Queryable, account_id: string): Promise<void> {
  await tx.query(`delete from public."session" where "userId" = $1`, [account_id])
}

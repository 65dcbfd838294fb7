/** The SQL of notices to customers about their data. A previous address stays sealed until it was told. */
import type { Queryable, Tx } from '#platform/database/database'
import type { SealedTable } from '#platform/vault/reseal-store'
import type { Vault } from '#platform/vault/vault'

const SEALED = { name: 'notices', key: 'id', columns: ['email'] } as const satisfies SealedTable

export const sealedCustomerNotices: SealedTable = SEALED

export const CUSTOMER_NOTICES = ['email_changed', 'data_copied', 'data_read'] as const

export interface CustomerNotice {
  readonly customer_id: number
  readonly kind: (typeof CUSTOMER_NOTICES)[number]
  /** The previous address; null: the present one. */
  readonly email: string | null
}

/** False when they were told of it today already. */
export async function insertCustomerNotice(
  tx: Tx,
  vault: Vault,
  { customer_id, kind, email, handle }: CustomerNotice & { readonly handle: string },
  now: Date,
  expires_at: Date,
): Promise<boolean> {
  const [sealer, [next]] = await Promise.all([
    vault.sealing(tx),
    tx.query<{ id: number }>(`select nextval(pg_get_serial_sequence('notices', 'id')) as id`),
  ])
  if (!next) throw new Error('the sequence has no number')
  const sealed = sealer.sealAll(SEALED.name, next.id, { email })
  const added = await tx.query(
    `insert into notices (id, handle, customer_id, kind, email, day, created_at, expires_at)
     overriding system value values ($1, $2, $3, $4, $5, ($6::timestamptz at time zone 'America/Sao_Paulo')::date, $6, $7)
     on conflict (customer_id, kind, day) where email is null do nothing returning 1 as added`,
    [next.id, handle, customer_id, kind, sealed.email, now, expires_at],
  )
  return added.length > 0
}

export async function findCustomerNotice(
  tx: Queryable,
  vault: Vault,
  handle: string,
): Promise<(CustomerNotice & { readonly created_at: Date; readonly expires_at: Date }) | undefined> {
  const [row] = await tx.query<CustomerNotice & { id: number; created_at: Date; expires_at: Date }>(
    `select id, customer_id, kind, email, created_at, expires_at from notices where handle = $1`,
    [handle],
  )
  if (!row) return undefined
  const { id, email, ...rest } = row
  return { ...rest, ...(await vault.openAll(SEALED.name, id, { email })) }
}

/** An erased person is told nothing more. */
export async function forgetNotices(tx: Tx, customer_id: number): Promise<void> {
  await tx.query(`delete from notices where customer_id = $1`, [customer_id])
}

/** A chore. */
export const removeOldCustomerNotices = async (database: Queryable, before: Date, limit: number): Promise<number> =>
  (
    await database.query(
      `delete from notices where id in (
         select id from notices where expires_at < $1 order by expires_at limit $2 for update skip locked)
       returning 1 as removed`,
      [before, limit],
    )
  ).length

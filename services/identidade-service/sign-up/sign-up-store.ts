/** The SQL of sign-ups whose address is not proved yet. */
import type { Queryable, Tx } from '#platform/database/database'
import type { SealedTable } from '#platform/vault/reseal-store'
import type { Vault } from '#platform/vault/vault'
import type { Registration } from '../domain/registration.ts'

const SEALED = { name: 'sign_ups', key: 'id', columns: ['email', 'registration'] } as const satisfies SealedTable

export const sealedSignUps: SealedTable = SEALED

export interface SignUp {
  /** A UUID, which becomes the account's id. */
  readonly handle: string
  readonly email: string
  readonly registration: Registration
  readonly password_hash: string
  /** The address has an account: this sign-up leads nowhere, and looks like any other. */
  readonly is_known: boolean
}

export async function insertSignUp(
  tx: Tx,
  vault: Vault,
  { handle, email, registration, password_hash, is_known }: SignUp,
  address: string,
  now: Date,
): Promise<void> {
  const [sealer, [next]] = await Promise.all([
    vault.sealing(tx),
    tx.query<{ id: number }>(`select nextval(pg_get_serial_sequence('sign_ups', 'id')) as id`),
  ])
  if (!next) throw new Error('the sequence has no number')
  const sealed = sealer.sealAll(SEALED.name, next.id, { email, registration: JSON.stringify(registration) })
  await tx.query(
    `insert into sign_ups (id, handle, email_fingerprint, email, registration, password_hash, is_known, created_at)
     overriding system value values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [next.id, handle, address, sealed.email, sealed.registration, password_hash, is_known, now],
  )
}

export async function findSignUp(tx: Queryable, vault: Vault, handle: string): Promise<SignUp | undefined> {
  const [row] = await tx.query<Omit<SignUp, 'registration'> & { id: number; registration: string }>(
    `select id, handle, email, registration, password_hash, is_known from sign_ups where handle = $1`,
    [handle],
  )
  if (!row) return undefined
  const { id, email, registration, ...rest } = row
  const open = await vault.openAll(SEALED.name, id, { email, registration })
  return { ...rest, email: open.email, registration: JSON.parse(open.registration) }
}

/** Deletes all sign-ups with this address, once one of them became the account. */
export async function forgetSignUps(tx: Queryable, address: string): Promise<void> {
  await tx.query(`delete from sign_ups where email_fingerprint = $1`, [address])
}

/** A chore: removes sign-ups that nobody proved, and expired codes. */
export const removeOldSignUps = async (database: Queryable, before: Date, limit: number): Promise<number> =>
  (
    await database.query(
      `with gone as (
         delete from sign_ups where id in (
           select id from sign_ups where created_at < $1 order by id limit $2 for update skip locked)
         returning 1 as removed
       ), ended as (
         delete from codes where subject in (
           select subject from codes where expires_at < $1 limit $2 for update skip locked)
         returning 1 as removed
       ) select removed from gone union all select removed from ended`,
      [before, limit],
    )
  ).length

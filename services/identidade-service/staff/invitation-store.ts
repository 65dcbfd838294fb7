/** The SQL of invitations: found by the hash of their link, and deleted once accepted. */
import type { Queryable, Tx } from '#platform/database/database'
import type { SealedTable } from '#platform/vault/reseal-store'
import type { Vault } from '#platform/vault/vault'

const SEALED = { name: 'invitations', key: 'id', columns: ['email', 'name', 'document'] } as const satisfies SealedTable

export const sealedInvitations: SealedTable = SEALED

export interface Invitation {
  readonly role: 'staff' | 'admin'
  readonly scope: 'seller' | 'operator' | null
  readonly email: string
  readonly name: string
  /** The bare CPF of their own customer record. */
  readonly document: string | null
  readonly expires_at: Date
}

export interface NewInvitation extends Invitation {
  readonly token_hash: string
  readonly address: string
  readonly invited_by: string
}

/** Ends an earlier invitation of the same address. */
export async function insertInvitation(tx: Tx, vault: Vault, given: NewInvitation, now: Date): Promise<void> {
  await tx.query(`delete from invitations where address_fingerprint = $1`, [given.address])
  const [sealer, [next]] = await Promise.all([
    vault.sealing(tx),
    tx.query<{ id: number }>(`select nextval(pg_get_serial_sequence('invitations', 'id')) as id`),
  ])
  if (!next) throw new Error('the sequence has no number')
  const { email, name, document } = given
  const sealed = sealer.sealAll(SEALED.name, next.id, { email, name, document })
  await tx.query(
    `insert into invitations (id, token_hash, role, scope, email, name, document, address_fingerprint, invited_by,
       created_at, expires_at)
     overriding system value values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      ...[next.id, given.token_hash, given.role, given.scope, sealed.email, sealed.name, sealed.document],
      ...[given.address, given.invited_by, now, given.expires_at],
    ],
  )
}

/** Takes the invitation: of two who accept at once, the second finds none. */
export async function takeInvitation(
  tx: Queryable,
  vault: Vault,
  token_hash: string,
  now: Date,
): Promise<Invitation | undefined> {
  const [row] = await tx.query<Invitation & { id: number }>(
    `delete from invitations where token_hash = $1 and expires_at > $2
     returning id, role, scope, email, name, document, expires_at`,
    [token_hash, now],
  )
  if (!row) return undefined
  const { id, email, name, document, ...rest } = row
  return { ...rest, ...(await vault.openAll(SEALED.name, id, { email, name, document })) } as Invitation
}

/** A chore. */
export const removeOldInvitations = async (database: Queryable, before: Date, limit: number): Promise<number> =>
  (
    await database.query(
      `delete from invitations where id in (
         select id from invitations where expires_at < $1 order by expires_at limit $2 for update skip locked)
       returning 1 as removed`,
      [before, limit],
    )
  ).length

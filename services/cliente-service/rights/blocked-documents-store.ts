/** The SQL of blocks that outlive the person. */
import type { Tx } from '#platform/database/database'
import type { SealedTable } from '#platform/vault/reseal-store'
import type { Vault } from '#platform/vault/vault'
import { type CustomerRow, updateStanding } from '../customers/customer-store.ts'
import { LEAVING } from '../domain/erasure.ts'

const BLOCKED = { name: 'blocked_documents', key: 'id', columns: ['blocked_reason'] } as const
export const sealedBlocks: SealedTable = BLOCKED

const printOf = (vault: Vault, { document }: CustomerRow) => vault.fingerprint('people.document', document)

/** Call it before the person's data is deleted. */
export async function rememberBlock(tx: Tx, vault: Vault, customer: CustomerRow): Promise<void> {
  const { id, status, blocked_reason, blocked_at } = customer
  if (status !== 'blocked' || blocked_reason === LEAVING) return
  const sealed = (await vault.sealing(tx)).sealAll(BLOCKED.name, id, { blocked_reason })
  await tx.query(
    `insert into blocked_documents (id, document_fingerprint, blocked_reason, blocked_at)
     values ($1, $2, $3, $4) on conflict (document_fingerprint) do nothing`,
    [id, printOf(vault, customer), sealed.blocked_reason, blocked_at],
  )
}

/**
 * The customer, blocked if their document was blocked when its previous owner was erased. Call it after the insert or update of
 * the document: an erasure that frees the document at the same time has committed by then.
 */
export async function meetBlock(tx: Tx, vault: Vault, customer: CustomerRow, now: Date): Promise<CustomerRow> {
  const [found] = await tx.query<{ id: number; blocked_reason: string | null; blocked_at: Date }>(
    `select id, blocked_reason, blocked_at from blocked_documents where document_fingerprint = $1`,
    [printOf(vault, customer)],
  )
  if (!found || customer.status !== 'active') return customer
  const { blocked_reason } = await vault.openAll(BLOCKED.name, found.id, { blocked_reason: found.blocked_reason })
  const standing = { status: 'blocked' as const, blocked_reason, blocked_at: found.blocked_at, updated_at: now }
  return updateStanding(tx, vault, { ...customer, ...standing })
}

/** Staff have allowed them to buy again. */
export async function forgetBlock(tx: Tx, vault: Vault, customer: CustomerRow): Promise<void> {
  await tx.query(`delete from blocked_documents where document_fingerprint = $1`, [printOf(vault, customer)])
}

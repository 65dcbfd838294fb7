/** The SQL of the sealed archive, which tells who was behind records that the law keeps. */
import type { Queryable, Tx } from '#platform/database/database'
import type { SealedTable } from '#platform/vault/reseal-store'
import type { Vault } from '#platform/vault/vault'
import type { CustomerRow } from '../customers/customer-store.ts'

const ARCHIVE = { name: 'identity_archive', key: 'customer_id', columns: ['name', 'document', 'address'] } as const
export const sealedArchive: SealedTable = ARCHIVE

interface Sealed {
  readonly name: string
  readonly document: string
  readonly address: string | null
}

export interface Archived extends Sealed {
  readonly archived_at: Date
  readonly keep_until: Date | null
}

/** The data that fiscal documents and the registry of clients name. Archiving again does not remove a known address. */
export async function archiveIdentity(tx: Tx, vault: Vault, customer: CustomerRow, now: Date): Promise<void> {
  const { id, name, document, address } = customer
  const fields = { name, document, address: address && JSON.stringify(address) }
  const sealed = (await vault.sealing(tx)).sealAll(ARCHIVE.name, id, fields)
  await tx.query(
    `insert into identity_archive (customer_id, name, document, address, archived_at) values ($1, $2, $3, $4, $5)
     on conflict (customer_id) do update set name = excluded.name, document = excluded.document,
       address = coalesce(excluded.address, identity_archive.address)`,
    [id, sealed.name, sealed.document, sealed.address, now],
  )
}

export async function openArchive(tx: Queryable, vault: Vault, customer_id: number): Promise<Archived | undefined> {
  const [found] = await tx.query<Archived>(
    `select archive.name, archive.document, archive.address, archived_at, keep_until
     from identity_archive archive join customer_erasures using (customer_id) where customer_id = $1`,
    [customer_id],
  )
  if (!found) return undefined
  const { name, document, address } = found
  return { ...found, ...(await vault.openAll(ARCHIVE.name, customer_id, { name, document, address })) }
}

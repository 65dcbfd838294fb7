/** The SQL of wrapped data keys. Each service's database has its own. */
import type { Queryable, Tx } from '../database/database.ts'

export type KeyPurpose = 'seal' | 'fingerprint'

export interface DataKeyRow {
  readonly id: number
  readonly purpose: KeyPurpose
  readonly wrapped: string
  readonly is_current: boolean
}

const COLUMNS = `id, purpose, wrapped, retired_at is null as is_current`

export const readDataKeys = (tx: Queryable) => tx.query<DataKeyRow>(`select ${COLUMNS} from data_keys order by id`)

/** Of many processes that begin at once, one makes the key and the others find it. */
export async function insertFirstKey(tx: Queryable, purpose: KeyPurpose, wrapped: string): Promise<void> {
  await tx.query(
    `insert into data_keys (purpose, wrapped) values ($1, $2) on conflict (purpose) where retired_at is null do nothing`,
    [purpose, wrapped],
  )
}

const LOCK = `hashtext('data_keys')`

/** The current key; it stays current until the transaction ends. The second statement must see the change that the first may have waited for. */
export async function holdCurrentKey(tx: Tx): Promise<number> {
  const [, [held]] = await Promise.all([
    tx.query(`select pg_advisory_xact_lock_shared(${LOCK})`),
    tx.query<{ id: number }>(`select id from data_keys where purpose = 'seal' and retired_at is null`),
  ])
  if (!held) throw new Error('the service has no data key')
  return held.id
}

/**
 * Waits for the transactions that hold the previous key; once this has committed, nothing more is sealed with that one.
 * Returns false, and makes no key, while values sealed by an earlier key may be left.
 */
export async function replaceKey(tx: Tx, wrapped: string): Promise<boolean> {
  await tx.query(`select pg_advisory_xact_lock(${LOCK})`)
  const unfinished = await tx.query(`select from data_keys where retired_at is not null and emptied_at is null limit 1`)
  if (unfinished.length > 0) return false
  await tx.query(`update data_keys set retired_at = now() where purpose = 'seal' and retired_at is null`)
  await tx.query(`insert into data_keys (purpose, wrapped) values ('seal', $1)`, [wrapped])
  return true
}

/** Notes that no lasting value is sealed with the retired keys any more. */
export async function markEmptied(tx: Queryable): Promise<void> {
  await tx.query(`update data_keys set emptied_at = now() where retired_at is not null and emptied_at is null`)
}

export const rewrapKey = (tx: Tx, id: number, wrapped: string): void =>
  tx.write(`update data_keys set wrapped = $2 where id = $1`, [id, wrapped])

/** Deletes them for good. Returns how many. */
export const deleteEmptied = async (tx: Queryable, before: Date): Promise<number> =>
  (await tx.query(`delete from data_keys where emptied_at < $1 returning id`, [before])).length

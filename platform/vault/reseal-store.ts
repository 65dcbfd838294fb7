/** Seals values of older data keys anew under the current one: a few rows a transaction, while the service works. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Database, Tx } from '../database/database.ts'
import type { Vault } from './vault.ts'

/** Where sealed values lie: `columns` of a table, bound to its `key`, which is a bigint by default. Names are constants of ours. */
export interface SealedTable {
  readonly name: string
  readonly key: string
  readonly keyType?: 'uuid'
  readonly columns: readonly string[]
}

type Key = number | string
type SealedRow = Readonly<Record<string, string | null>> & { readonly row_key: Key }

/** Sorts before every key. */
const NIL = '00000000-0000-0000-0000-000000000000'

const BATCH = 50
/** The pause between two batches, in which others get at the rows. */
const BREATHER_MS = 5

export interface Rotation {
  /** False: this continued an earlier rotation that was cut off. */
  readonly isNew: boolean
  /** How many rows were sealed anew, by table. */
  readonly resealed: Readonly<Record<string, number>>
  /** How many keys were deleted: those of rotations so long ago that nothing can be sealed with them any more. */
  readonly forgotten: number
}

/** No rotation reaches the answers under an Idempotency-Key, which are kept for two days. Restored backups bring their own keys. */
const KEYS_KEPT_MS = 7 * 86_400_000

/** Makes a new data key, and seals everything anew with it. After an interruption the next call goes on with the same key. */
export async function rotateKeys(
  database: Database,
  vault: Vault,
  tables: readonly SealedTable[],
  now: Date,
): Promise<Rotation> {
  const isNew = await vault.replaceKey()
  const resealed: Record<string, number> = {}
  for (const table of tables) resealed[table.name] = await reseal(database, vault, table)
  const forgotten = await vault.finishReplacement(new Date(now.getTime() - KEYS_KEPT_MS))
  return { isNew, resealed, forgotten }
}

/** Resolves with the number of rows sealed anew. After an interruption it begins at the first row again, and skips finished ones. */
async function reseal(database: Database, vault: Vault, table: SealedTable): Promise<number> {
  let count = 0
  for (let after: Key | undefined = table.keyType ? NIL : 0; after !== undefined; ) {
    const from: Key = after
    const done: Key[] = await database.transaction((tx) => resealBatch(tx, vault, table, from))
    count += done.length
    after = done.at(-1)
    await pause(BREATHER_MS)
  }
  return count
}

/** Locks rows in the order of their keys, as every other statement does. Returns the keys of the rows sealed anew. */
async function resealBatch(tx: Tx, vault: Vault, table: SealedTable, after: Key): Promise<Key[]> {
  const { name, key, keyType = 'bigint', columns } = table
  const sealer = await vault.sealing(tx)
  const rows = await tx.query<SealedRow>(
    `select ${key} as row_key, ${columns.join(', ')} from ${name}
     where ${key} > $1 and (${columns.map((column) => `not starts_with(${column}, $2)`).join(' or ')})
     order by ${key} limit ${BATCH} for update`,
    [after, sealer.mark],
  )
  if (rows.length === 0) return []
  const sealed = await Promise.all(
    rows.map(async ({ row_key, ...fields }) =>
      sealer.sealAll(name, row_key, await vault.openAll(name, row_key, fields)),
    ),
  )
  tx.write(
    `update ${name} set ${columns.map((column) => `${column} = anew.${column}`).join(', ')}
     from unnest($1::${keyType}[], ${columns.map((_, index) => `$${index + 2}::text[]`).join(', ')})
       as anew(row_key, ${columns.join(', ')}) where ${name}.${key} = anew.row_key`,
    [rows.map(({ row_key }) => row_key), ...columns.map((column) => sealed.map((row) => row[column] ?? null))],
  )
  return rows.map(({ row_key }) => row_key)
}

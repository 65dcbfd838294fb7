/** The SQL of pickup codes that purchases keep. */
import type { Database, Tx } from '#platform/database/database'
import type { SealedTable } from '#platform/vault/reseal-store'
import type { Vault } from '#platform/vault/vault'

const CODES = { name: 'sagas', key: 'transaction_id', keyType: 'uuid', columns: ['pickup_code'] } as const
export const PLACE = `${CODES.name}.pickup_code`
export const sealedCodes: SealedTable = CODES

/** Locks sagas in the order of their ids, like every batch of sagas. A second call changes nothing. */
export async function forgetCodes(
  tx: Tx,
  handovers: readonly { readonly transaction_id: string; readonly picked_up_at: string }[],
): Promise<void> {
  const last = [...new Map(handovers.map((one) => [one.transaction_id, one])).values()]
  const ids = last.map(({ transaction_id }) => transaction_id)
  await tx.query(`select from sagas where transaction_id = any($1::uuid[]) order by transaction_id for update`, [ids])
  tx.write(
    `update sagas set pickup_code = null, picked_up_at = coalesce(sagas.picked_up_at, gone.at),
       data = case when data ->> 'pickup_code' is null then data else (data::jsonb - 'pickup_code')::json end
     from unnest($1::uuid[], $2::timestamptz[]) as gone(transaction_id, at)
     where sagas.transaction_id = gone.transaction_id`,
    [ids, last.map(({ picked_up_at }) => picked_up_at)],
  )
}

const BATCH = 200
const NIL = '00000000-0000-0000-0000-000000000000'
/** After so many days no process of the previous release writes any more, so purchases are not searched again. */
const LOOKED_FOR_DAYS = 7

/** Seals codes from before they were sealed (migration 0010); returns how many. After an interruption it begins anew and skips finished ones. */
export async function sealPlainCodes(database: Database, vault: Vault): Promise<number> {
  const recent = await database.query(
    `select from migrations where name = 'orquestrador/0010_pickup_codes_sealed.sql'
       and at > now() - interval '${LOOKED_FOR_DAYS} days'`,
  )
  if (recent.length === 0) return 0
  for (let count = 0, after: string | undefined = NIL; ; ) {
    const from: string = after
    const done = await database.transaction((tx) => sealBatch(tx, vault, from))
    count += done.length
    after = done.at(-1)
    if (after === undefined) return count
  }
}

async function sealBatch(tx: Tx, vault: Vault, after: string): Promise<string[]> {
  const sealer = await vault.sealing(tx)
  const plain = await tx.query<{ transaction_id: string; code: string }>(
    `select transaction_id, data ->> 'pickup_code' as code from sagas
     where transaction_id > $1 and data ->> 'pickup_code' is not null order by transaction_id limit ${BATCH} for update`,
    [after],
  )
  if (plain.length === 0) return []
  tx.write(
    `update sagas set data = (data::jsonb - 'pickup_code')::json,
       pickup_code = case when sagas.picked_up_at is null then sealed.code end
     from unnest($1::uuid[], $2::text[]) as sealed(transaction_id, code)
     where sagas.transaction_id = sealed.transaction_id`,
    [
      plain.map(({ transaction_id }) => transaction_id),
      plain.map(({ transaction_id, code }) => sealer.seal(PLACE, transaction_id, code)),
    ],
  )
  return plain.map(({ transaction_id }) => transaction_id)
}

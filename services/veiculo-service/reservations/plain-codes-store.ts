/** Pickup codes from before they were sealed (migration 0007): those that are still needed are sealed, the others deleted. */
import type { Database, Tx } from '#platform/database/database'
import type { Vault } from '#platform/vault/vault'
import { issuedCodes } from './issued-codes.ts'

const BATCH = 500
/** After so many days no process of the previous release writes any more, so vehicles are not searched again. */
const LOOKED_FOR_DAYS = 7

interface PlainCode {
  readonly id: number
  readonly pickup_code: string
  readonly is_picked_up: boolean
}

/** Returns how many. After an interruption it begins anew and skips finished ones; two runs at once wait for each other. */
export async function sealPlainCodes(database: Database, vault: Vault): Promise<number> {
  const recent = await database.query(
    `select from migrations where name = 'veiculo-service/0007_pickup_codes_sealed.sql'
       and at > now() - interval '${LOOKED_FOR_DAYS} days'`,
  )
  if (recent.length === 0) return 0
  for (let count = 0, after: number | undefined = 0; ; ) {
    const from: number = after
    const done = await database.transaction((tx) => sealBatch(tx, vault, from))
    count += done.length
    after = done.at(-1)
    if (after === undefined) return count
  }
}

async function sealBatch(tx: Tx, vault: Vault, after: number): Promise<number[]> {
  const codes = issuedCodes(vault)
  const sealer = await vault.sealing(tx)
  const plain = await tx.query<PlainCode>(
    `select id, pickup_code, status = 'picked_up' as is_picked_up from vehicles
     where id > $1 and pickup_code is not null and (status = 'picked_up' or not starts_with(pickup_code, 'v1.'))
     order by id limit ${BATCH} for update`,
    [after],
  )
  if (plain.length === 0) return []
  tx.write(
    `update vehicles set pickup_code = sealed.code, pickup_print = sealed.print
     from unnest($1::bigint[], $2::text[], $3::text[]) as sealed(id, code, print) where vehicles.id = sealed.id`,
    [
      plain.map(({ id }) => id),
      plain.map(({ id, pickup_code, is_picked_up }) =>
        is_picked_up ? null : sealer.seal('vehicles.pickup_code', id, pickup_code),
      ),
      plain.map(({ id, pickup_code, is_picked_up }) => (is_picked_up ? null : codes.print(id, pickup_code))),
    ],
  )
  return plain.map(({ id }) => id)
}

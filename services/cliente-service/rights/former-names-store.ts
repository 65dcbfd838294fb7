/**
 * The SQL of former names: those under which somebody bought before they changed them. Only this file seals and opens them.
 */
import type { Queryable, Tx } from '#platform/database/database'
import type { SealedTable } from '#platform/vault/reseal-store'
import type { Vault } from '#platform/vault/vault'

const NAMES = { name: 'former_names', key: 'id', columns: ['name'] } as const satisfies SealedTable
export const sealedFormerNames: SealedTable = NAMES
const PLACE = `${NAMES.name}.name`

export interface FormerName {
  readonly name: string
  readonly until: Date
}

/** Keeps the name of a customer who has bought something; for others there is no reason to. */
export async function keepFormerName(tx: Tx, vault: Vault, customer_id: number, { name, until }: FormerName) {
  const [bought] = await tx.query('select from vehicle_catalogue where buyer_id = $1 limit 1', [customer_id])
  if (!bought) return
  const [sealer, [next]] = await Promise.all([
    vault.sealing(tx),
    tx.query<{ id: number }>(`select nextval(pg_get_serial_sequence('former_names', 'id')) as id`),
  ])
  if (!next) throw new Error('the sequence has no number')
  await tx.query(
    `insert into former_names (id, customer_id, name, until) overriding system value values ($1, $2, $3, $4)`,
    [next.id, customer_id, sealer.seal(PLACE, next.id, name), until],
  )
}

/** The names, oldest first, without damaged ones. */
export async function formerNames(tx: Queryable, vault: Vault, customer_id: number): Promise<FormerName[]> {
  const rows = await tx.query<FormerName & { readonly id: number }>(
    'select id, name, until from former_names where customer_id = $1 order by id',
    [customer_id],
  )
  const opened = rows.map(({ id, name, until }) =>
    vault.open(PLACE, id, name).then(
      (text) => [{ name: text, until }],
      () => [],
    ),
  )
  return (await Promise.all(opened)).flat()
}

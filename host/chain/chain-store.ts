/** The SQL of chains: each has an append-only table of entries, and a table with its last link. */
import type { Queryable, Tx } from '#platform/database/database'
import { type Chain, type Link, type Linked, START } from './chain.ts'

/** Names are constants of ours. */
export interface StoredChain<What> extends Chain<What> {
  readonly table: string
  /** What an entry says, in columns; its place and hashes are beside them. */
  readonly columns: readonly string[]
}

/**
 * Adds entries to the chain, in their order, by one insert. A transaction that adds holds the chain's last link until it
 * ends, and others wait for it, so call this after every other lock is taken.
 */
export async function append<What>(
  tx: Tx,
  chain: StoredChain<What>,
  whats: readonly What[],
): Promise<readonly Linked<What>[]> {
  if (whats.length === 0) return []
  let last = await lockHead(tx, chain)
  const entries = whats.map((what) => {
    const entry = chain.linked(what, last)
    last = entry
    return entry
  })
  const columns = columnsOf(chain)
  await tx.query(
    `insert into ${chain.table} (${columns}) select ${columns} from json_populate_recordset(null::${chain.table}, $1::json)`,
    [JSON.stringify(entries)],
  )
  await tx.query(`update ${chain.table}_head set id = $1, hash = $2`, [last.id, last.hash])
  return entries
}

async function lockHead<What>(tx: Tx, { table }: StoredChain<What>): Promise<Link> {
  const [head] = await tx.query<Link>(`select id, hash from ${table}_head for update`)
  if (!head) throw new Error(`${table} has lost its head`)
  return head
}

/** The chain's stored last link; after a truncation it names an entry that is not there. */
export async function headOf<What>(tx: Queryable, { table }: StoredChain<What>): Promise<Link> {
  const [head] = await tx.query<Link>(`select id, hash from ${table}_head`)
  return head ?? START
}

/** In the order of the chain, from the entry behind `after` on. */
export const listEntries = <What>(tx: Queryable, chain: StoredChain<What>, after: number, limit: number) =>
  tx.query<Linked<What>>(`select ${columnsOf(chain)} from ${chain.table} where id > $1 order by id limit $2`, [
    after,
    limit,
  ])

export const columnsOf = <What>({ columns }: StoredChain<What>): string =>
  ['id', ...columns, 'previous_hash', 'hash'].join(', ')

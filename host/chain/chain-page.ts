/** The query and the answer of a route that shows a chain: entries in the chain's order, so that a reader can follow the hashes. */
import { type TSchema, Type } from 'typebox'
import type { Queryable } from '#platform/database/database'
import type { Linked } from './chain.ts'
import { headOf, listEntries, type StoredChain } from './chain-store.ts'

export const Hash = Type.String({ pattern: '^[0-9a-f]{64}$' })
/** An entry's first field. */
export const Place = Type.Integer({ description: 'Its place in the chain: 1, 2, 3, without a gap' })
/** An entry's last fields. */
export const Links = {
  previous_hash: Hash,
  hash: Type.String({ description: 'SHA-256 of the JSON list of the fields above, in this order' }),
}

export const ChainQuery = Type.Object({
  after: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0 }),
  limit: Type.Integer({ minimum: 1, maximum: 1_000, default: 100 }),
})

export const chainPage = <Entry extends TSchema>(Entry: Entry) =>
  Type.Object({
    entries: Type.Array(Entry),
    head: Type.Object({ id: Type.Integer(), hash: Hash }, { description: 'The last entry: keep it elsewhere' }),
  })

/** The head is read before the entries: an entry added in between must not seem to be missing. */
export async function readChain<What>(
  database: Queryable,
  chain: StoredChain<What>,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<{ head: { id: number; hash: string }; entries: readonly Linked<What>[] }> {
  const { id, hash } = await headOf(database, chain)
  return { head: { id, hash }, entries: await listEntries(database, chain, after, limit) }
}

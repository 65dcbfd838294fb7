/** Finds the names behind the ids of a list, with one request for all rows: of customers, and of those who work here. */
import type { Client } from '../../clients/typescript/client.ts'
import { orElse } from '../answers.server.ts'
import { type NameOf, namer } from './author-names.ts'

/** The most ids in one request. */
const AT_ONCE = 128

/** Names by id; whoever could not be named is missing. */
export async function namesOf(client: Client, ids: readonly number[]): Promise<Readonly<Record<number, string>>> {
  const wanted = [...new Set(ids)].slice(0, AT_ONCE)
  if (wanted.length === 0) return {}
  const query = { ids: wanted.join(','), limit: 100 }
  const found = await orElse(client.listCustomers({ query }), undefined)
  return found?.ok ? Object.fromEntries(found.data.customers.map(({ id, name }) => [id, name])) : {}
}

/** Names of authors. Where they cannot be read, acts are shown with the accounts that they are signed with. */
export async function authorNames(client: Client): Promise<NameOf> {
  const found = await orElse(client.listStaffNames(), undefined)
  return namer(found?.ok ? found.data.staff : [])
}

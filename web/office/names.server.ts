/** Finds the names behind the ids of a list, with one request for all rows. */
import type { Client } from '../../clients/typescript/client.ts'
import { orElse } from '../answers.server.ts'

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

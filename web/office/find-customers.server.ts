/** Customers by a whole document or e-mail, which no address carries, or by the beginnings of their names. */
import type { Client } from '../../clients/typescript/client.ts'
import type { ListedCustomer } from '../../clients/typescript/operations.ts'

/** The most by a name: a name that more people have has to be told more of. */
const MOST = 20

interface Sought {
  readonly found?: readonly ListedCustomer[]
  /** The name of the refusal. */
  readonly fault?: string
}

export async function findCustomers(client: Client, typed: string): Promise<Sought> {
  const text = typed.trim()
  const plain = text.replace(/[.\-/\s]/g, '')
  const isEmail = /^[^@\s]+@[^@\s]+$/.test(text)
  const isDocument = /^(\d{11}|[0-9A-Za-z]{12}\d{2})$/.test(plain)
  const answer =
    isEmail || isDocument
      ? await client.searchCustomers({ body: isEmail ? { email: text } : { document: plain } })
      : await client.listCustomers({ query: { q: text, limit: MOST } })
  return answer.ok ? { found: answer.data.customers } : { fault: answer.problem.name }
}

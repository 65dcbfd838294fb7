/**
 * The number of vehicles beside each choice of a filter. For the choices of one filter, that filter itself is ignored: a visitor
 * who chose Fiat still sees how many Jeeps there are.
 */
import type { Client } from '../../clients/typescript/client.ts'
import type { Operations } from '../../clients/typescript/operations.ts'
import { orElse } from '../answers.server.ts'
import { CHOICES, type Choice, filterOf, type Search } from './search.ts'

export interface Counted {
  readonly value: string
  readonly count: number
}

export type Facets = Readonly<Record<Choice, readonly Counted[]>>

type Answer = Operations['showFacets']['answer']['facets']

/** The numbers are the same for everybody and may be this old, so a busy list rarely asks for them. */
const KEPT_MS = 10_000
const KEPT_MOST = 500
const kept = new Map<string, { readonly at: number; readonly answer: Promise<Answer | undefined> }>()

export async function facetsFor(client: Client, search: Search): Promise<Facets> {
  const found = await Promise.all(
    CHOICES.map(async ([choice]) => {
      const answer = await countsFor(client, { ...search, [choice]: [] })
      const counts = answer?.[choice].map(({ value, count }) => ({ value: String(value), count })) ?? []
      const known = new Set(counts.map(({ value }) => value))
      const none = search[choice].filter((value) => !known.has(value)).map((value) => ({ value, count: 0 }))
      return [choice, [...counts, ...none]] as const
    }),
  )
  return Object.fromEntries(found) as unknown as Facets
}

function countsFor(client: Client, search: Search): Promise<Answer | undefined> {
  const query = filterOf(search)
  const key = JSON.stringify(query)
  const before = kept.get(key)
  if (before && performance.now() - before.at < KEPT_MS) return before.answer
  const answer = orElse(
    client.showFacets({ query }).then((told) => (told.ok ? told.data.facets : undefined)),
    undefined,
  )
  kept.delete(key)
  kept.set(key, { at: performance.now(), answer })
  if (kept.size > KEPT_MOST) kept.delete(kept.keys().next().value ?? '')
  return answer
}

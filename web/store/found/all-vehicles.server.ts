/** Reads all vehicles on sale, page by page, for feeds and the sitemap. */
import type { Vehicle } from '../../../clients/typescript/operations.ts'
import { expected } from '../../answers.server.ts'
import { publicApi } from '../../api.server.ts'
import type { Asked } from '../../visit.server.ts'

/** More than a sitemap may name. */
const MOST = 50_000

export async function allVehicles(asked: Asked): Promise<readonly Vehicle[]> {
  const api = publicApi(asked)
  const vehicles: Vehicle[] = []
  let cursor: string | undefined
  do {
    const query = { status_filter: 'available', limit: 100, ...(cursor && { cursor }) } as const
    const page = expected(await api.listVehicles({ query }))
    vehicles.push(...page.vehicles)
    cursor = page.next_cursor ?? undefined
  } while (cursor && vehicles.length < MOST)
  return vehicles
}

/** Portals and crawlers ask by the minute; the stock does not change so often. */
export const KEPT = { 'cache-control': 'public, max-age=300' }

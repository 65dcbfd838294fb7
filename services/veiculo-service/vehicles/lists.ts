/**
 * The lists of vehicles, for many readers at once: their costly parts that are the same for everybody are remembered for seconds.
 * Totals, facets and meanings of words are forgotten when this process changes one of their tables. Changes by other processes of the
 * service are not noticed, so where there are replicas only totals that are estimates anyway are remembered.
 */
import type { Database } from '#platform/database/database'
import { COUNTED_UP_TO } from '#platform/database/total'
import { recollection } from '#platform/remembered'
import type { Vault } from '#platform/vault/vault'
import { openEndings } from './endings.ts'
import {
  countFacets,
  type Facet,
  type Filter,
  findsNothing,
  type Listed,
  type Place,
  pageOf,
  type Sort,
  totalOfList,
  wordsOf,
} from './listing-store.ts'
import { openedForList } from './vehicle-store.ts'

export interface VehicleLists {
  /** At most `limit` vehicles after the place, or from the start. Papers are whole, or masked up to their last characters. */
  page(filter: Filter, sort: Sort, after: Place | undefined, limit: number, papers: 'whole' | 'masked'): Promise<Listed>
  /** How many vehicles of the list have each value. */
  facets(filter: Filter): Promise<Facet[]>
}

const KEPT_MS = 10_000
const QUESTIONS_KEPT = 2_000
/** The tables that lists are read from. */
const LISTED = ['vehicles', 'vehicle_offers', 'vehicle_reservations']

export interface ListsOptions {
  readonly database: Database
  readonly vault: Vault
  /** Whether no other process changes the same database. */
  readonly isAlone: boolean
}

export function vehicleLists({ database, vault, isAlone }: ListsOptions): VehicleLists {
  const alone = (tables: readonly string[]) => () => tables.map((table) => database.changesOf(table)).join()
  const counted = recollection(KEPT_MS, QUESTIONS_KEPT, isAlone ? alone(LISTED) : alwaysAnother())
  const meant = recollection(KEPT_MS, QUESTIONS_KEPT, isAlone ? alone(['vehicle_words']) : alwaysAnother())
  const endings = openEndings(vault)

  const wordsMeant = async ({ q, brands, model }: Filter) =>
    q === null && brands === null && model === null
      ? []
      : meant.recall(JSON.stringify([q, brands, model]), () => wordsOf(database, { q, brands, model }))

  return {
    async page(filter, sort, after, limit, papers) {
      const words = await wordsMeant(filter)
      if (findsNothing(words)) return { vehicles: [], total: 0 }
      const [rows, total] = await Promise.all([
        pageOf(database, filter, words, sort, after, limit),
        counted.recall(`total ${JSON.stringify(filter)}`, () => totalOfList(database, filter, words), isEstimate),
      ])
      const vehicles = papers === 'whole' ? await openedForList(vault, rows) : await endings(rows)
      return { vehicles, total }
    },
    async facets(filter) {
      const words = await wordsMeant(filter)
      if (findsNothing(words)) return []
      return counted.recall(`facets ${JSON.stringify(filter)}`, () => countFacets(database, filter, words))
    },
  }
}

const isEstimate = (total: number) => total > COUNTED_UP_TO

function alwaysAnother(): () => string {
  let number = 0
  return () => {
    number += 1
    return String(number)
  }
}

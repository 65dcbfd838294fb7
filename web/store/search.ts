/** The search of the list: read from the address, turned into a query for the API, and written back as addresses. Pure. */
import { amountTyped } from '#platform/typed-numbers'
import type { Operations } from '../../clients/typescript/operations.ts'
import { roundMoney } from '../formats.ts'
import { texts } from '../texts/index.ts'

export const ORDERS = ['price_asc', 'price_desc', 'year_desc', 'brand_asc'] as const
export type Order = (typeof ORDERS)[number]
const FIRST_ORDER: Order = 'price_asc'

export interface Search {
  readonly q: string
  readonly brand: string
  readonly priceMin?: number
  readonly priceMax?: number
  readonly yearMin?: number
  readonly yearMax?: number
  readonly order: Order
  /** The place where the page begins, from the page before; absent on the first. */
  readonly after?: string
  readonly page: number
}

export const PAGE_SIZE = 24

/** Reads the search from the address. A number out of bounds is ignored. */
export function searchIn(params: URLSearchParams): Search {
  const order = ORDERS.find((one) => one === params.get('ordem')) ?? FIRST_ORDER
  const after = params.get('apos') || undefined
  const bounds = {
    priceMin: whole(params.get('preco_min'), 1, 100_000_000),
    priceMax: whole(params.get('preco_max'), 1, 100_000_000),
    yearMin: whole(params.get('ano_min'), 1900, 2100),
    yearMax: whole(params.get('ano_max'), 1900, 2100),
  }
  return {
    q: (params.get('q') ?? '').trim().slice(0, 100),
    brand: (params.get('marca') ?? '').trim().slice(0, 50),
    ...defined(bounds),
    order,
    ...(after && { after }),
    page: after ? Math.max(2, whole(params.get('pagina'), 2, 100_000) ?? 2) : 1,
  }
}

type Query = NonNullable<Operations['listVehicles']['query']>

export function queryOf({ q, brand, priceMin, priceMax, yearMin, yearMax, order, after }: Search): Query {
  return {
    status_filter: 'available',
    sort_by: order,
    limit: PAGE_SIZE,
    ...(q && { q }),
    ...(brand && { brand }),
    ...defined({ price_min: priceMin, price_max: priceMax, year_min: yearMin, year_max: yearMax }),
    ...(after && { cursor: after }),
  }
}

/** The address of a search; without a page, the first. */
export function addressOf({ q, brand, priceMin, priceMax, yearMin, yearMax, order, after, page }: Search): string {
  const params = new URLSearchParams()
  const set = (name: string, value: string | number | undefined) => {
    if (value !== undefined && value !== '') params.set(name, String(value))
  }
  set('q', q)
  set('marca', brand)
  set('preco_min', priceMin)
  set('preco_max', priceMax)
  set('ano_min', yearMin)
  set('ano_max', yearMax)
  set('ordem', order === FIRST_ORDER ? undefined : order)
  set('apos', after)
  set('pagina', after ? page : undefined)
  const text = params.toString()
  return text ? `/carros?${text}` : '/carros'
}

/** As typed: `R$ 120.000`, `120000`, `120.000,00`. */
function whole(text: string | null, least: number, most: number): number | undefined {
  const number = amountTyped(text ?? '')
  return number !== undefined && number >= least && number <= most ? Math.floor(number) : undefined
}

const defined = <Values extends object>(values: Values): { [Name in keyof Values]?: NonNullable<Values[Name]> } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never

export interface Chip {
  readonly label: string
  /** The same search without it. */
  readonly without: Search
}

/** The chosen filters, each with the search without it. */
export function chipsOf(search: Search): readonly Chip[] {
  const { after: _after, ...first } = { ...search, page: 1 }
  const chips: Chip[] = []
  const add = (label: string | undefined, name: keyof Search, empty?: string) => {
    if (label === undefined) return
    const { [name]: _gone, ...rest } = first as Search
    chips.push({ label, without: (empty === undefined ? rest : { ...rest, [name]: empty }) as Search })
  }
  const words = texts.list.chips
  add(search.q ? words.quoted(search.q) : undefined, 'q', '')
  add(search.brand || undefined, 'brand', '')
  add(search.priceMin === undefined ? undefined : words.priceMin(roundMoney(search.priceMin)), 'priceMin')
  add(search.priceMax === undefined ? undefined : words.priceMax(roundMoney(search.priceMax)), 'priceMax')
  add(search.yearMin === undefined ? undefined : words.yearMin(search.yearMin), 'yearMin')
  add(search.yearMax === undefined ? undefined : words.yearMax(search.yearMax), 'yearMax')
  return chips
}

/** The search of the list: read from the address, turned into a query for the API, and written back as addresses. Pure. */
import { amountTyped } from '#platform/typed-numbers'
import type { Operations } from '../../clients/typescript/operations.ts'
import { kilometres, roundMoney } from '../formats.ts'
import { texts } from '../texts/index.ts'

export const ORDERS = ['price_asc', 'price_desc', 'newest', 'year_desc', 'mileage_asc', 'brand_asc'] as const
export type Order = (typeof ORDERS)[number]
const FIRST_ORDER: Order = 'price_asc'

/** Filters in which several values may be chosen, each with its name in the address. */
export const CHOICES = [
  ['body', 'tipo'],
  ['brand', 'marca'],
  ['transmission', 'cambio'],
  ['fuel', 'combustivel'],
  ['color', 'cor'],
] as const
export type Choice = (typeof CHOICES)[number][0]

/** Filters with one number, each with its name in the address, and the least and greatest number that makes sense. */
const BOUNDS = [
  ['priceMin', 'preco_min', 1, 100_000_000],
  ['priceMax', 'preco_max', 1, 100_000_000],
  ['yearMin', 'ano_min', 1900, 2100],
  ['yearMax', 'ano_max', 1900, 2100],
  ['mileageMax', 'km_max', 1, 9_999_999],
] as const
type Bound = (typeof BOUNDS)[number][0]

export interface Search extends Readonly<Partial<Record<Bound, number>>>, Readonly<Record<Choice, readonly string[]>> {
  readonly q: string
  readonly order: Order
  /** The place where the page begins, from the page before; absent on the first. */
  readonly after?: string
  readonly page: number
}

export const PAGE_SIZE = 24

/** The search for everything that is on sale, in the order `order`. */
export const everything = (order: Order = FIRST_ORDER): Search => ({
  ...{ q: '', body: [], brand: [], transmission: [], fuel: [], color: [] },
  order,
  page: 1,
})

/** Reads the search from the address. A number out of bounds is ignored. */
export function searchIn(params: URLSearchParams): Search {
  const order = ORDERS.find((one) => one === params.get('ordem')) ?? FIRST_ORDER
  const after = params.get('apos') || undefined
  const choices = CHOICES.map(([choice, name]) => [choice, chosen(params.getAll(name))] as const)
  const bounds = BOUNDS.map(([bound, name, least, most]) => [bound, whole(params.get(name), least, most)] as const)
  return {
    ...everything(order),
    ...record(choices),
    ...defined(record(bounds)),
    q: (params.get('q') ?? '').trim().slice(0, 100),
    ...(after && { after }),
    page: after ? Math.max(2, whole(params.get('pagina'), 2, 100_000) ?? 2) : 1,
  }
}

/** The longest list of values, joined by commas, that the API takes. */
const CHOICES_LENGTH = 300

function chosen(values: readonly string[]): readonly string[] {
  const clean = values.map((value) =>
    value
      .replace(/[\p{C},]/gu, ' ')
      .trim()
      .slice(0, 50)
      .replace(/\p{Cs}/gu, '')
      .trim(),
  )
  const some = [...new Set(clean)].filter((value) => value !== '')
  return some.filter((_, index) => some.slice(0, index + 1).join(',').length <= CHOICES_LENGTH)
}

type Query = NonNullable<Operations['showFacets']['query']>

/** The query for the list; the numbers beside the filters are asked for with the same one. */
export function filterOf(search: Search): Query {
  const { q, priceMin, priceMax, yearMin, yearMax, mileageMax } = search
  const choices = CHOICES.map(([choice]) => [choice, search[choice].join(',') || undefined] as const)
  return {
    status_filter: 'available',
    ...(q && { q }),
    ...defined(record(choices)),
    ...defined({ price_min: priceMin, price_max: priceMax, year_min: yearMin, year_max: yearMax }),
    ...defined({ mileage_max: mileageMax }),
  }
}

export const queryOf = (search: Search): NonNullable<Operations['listVehicles']['query']> => ({
  ...filterOf(search),
  sort_by: search.order,
  limit: PAGE_SIZE,
  ...(search.after && { cursor: search.after }),
})

/** The address of a search; without a page, the first. */
export function addressOf(search: Search): string {
  const params = new URLSearchParams()
  if (search.q) params.set('q', search.q)
  for (const [choice, name] of CHOICES) for (const value of search[choice]) params.append(name, value)
  for (const [bound, name] of BOUNDS) if (search[bound] !== undefined) params.set(name, String(search[bound]))
  if (search.order !== FIRST_ORDER) params.set('ordem', search.order)
  if (search.after) {
    params.set('apos', search.after)
    params.set('pagina', String(search.page))
  }
  const text = params.toString()
  return text ? `/carros?${text}` : '/carros'
}

/** A whole number as people type it: `R$ 120.000`, `120000`, `120.000,00`. */
function whole(text: string | null, least: number, most: number): number | undefined {
  const number = amountTyped(text ?? '')
  return number !== undefined && number >= least && number <= most ? Math.floor(number) : undefined
}

/** Like `Object.fromEntries`, but it keeps the type of the names. */
const record = <Name extends string, Value>(entries: readonly (readonly [Name, Value])[]): Record<Name, Value> =>
  Object.fromEntries(entries) as Record<Name, Value>

const defined = <Values extends object>(values: Values): { [Name in keyof Values]?: NonNullable<Values[Name]> } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never

export interface Chip {
  readonly label: string
  /** The same search without it. */
  readonly without: Search
}

/** The chosen filters, each with the search without it. */
export function chipsOf(search: Search): readonly Chip[] {
  const { after: _after, ...rest } = search
  const first: Search = { ...rest, page: 1 }
  const words = texts.list.chips
  const said: Readonly<Record<Bound, (value: number) => string>> = {
    priceMin: (value) => words.priceMin(roundMoney(value)),
    priceMax: (value) => words.priceMax(roundMoney(value)),
    yearMin: words.yearMin,
    yearMax: words.yearMax,
    mileageMax: (value) => words.mileageMax(kilometres(value)),
  }
  const chips: Chip[] = search.q ? [{ label: words.quoted(search.q), without: { ...first, q: '' } }] : []
  for (const [choice] of CHOICES)
    for (const value of search[choice])
      chips.push({
        label: capital(value),
        without: { ...first, [choice]: search[choice].filter((one) => one !== value) },
      })
  for (const [bound] of BOUNDS) {
    const { [bound]: value, ...without } = first
    if (value !== undefined) chips.push({ label: said[bound](value), without })
  }
  return chips
}

export const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

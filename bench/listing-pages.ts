/** The pages that are measured beside their floor: how the API is asked, and the floor's statement. */
export interface Page {
  readonly name: string
  readonly query: string
  readonly isFiltered: boolean
  readonly isSearch: boolean
  /** The condition of the floor's statement; it orders by price and takes 50. */
  readonly where: string
}

const plain = (name: string, query: string, where: string): Page => ({
  ...{ name, query: `status_filter=available&${query}`, where },
  ...{ isFiltered: where !== 'true', isSearch: false },
})

/** `words`: the indexed words that the service finds for `q`; the floor's statement gets them directly. */
const search = (name: string, q: string, words: readonly string[]): Page => ({
  ...{ name, query: `status_filter=available&q=${encodeURIComponent(q)}`, isFiltered: true, isSearch: true },
  where: words.map((word) => `offer.words @> array['${word}']`).join(' and '),
})

export const PAGES: readonly Page[] = [
  plain('first page', '', 'true'),
  plain('brand', 'brand=Fiat', `folded(offer.brand) = 'fiat'`),
  plain(
    'brand, price and year',
    'brand=Fiat&price_min=50000&price_max=90000&year_min=2010&year_max=2015',
    `folded(offer.brand) = 'fiat' and offer.price_cents between 5000000 and 9000000 and offer.year between 2010 and 2015`,
  ),
  search('search, common', 'onix', ['onix']),
  search('search, rare', 'opala', ['opala']),
  search('search, typo', 'corola', ['corolla']),
  search('search, two words', 'fiat strada', ['fiat', 'strada']),
  search('search, none', 'zzyzx', ['zzyzx']),
]

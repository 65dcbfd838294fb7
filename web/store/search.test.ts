/** The address holds the search, and every address leads back to the same search. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addressOf, chipsOf, queryOf, type Search, searchIn } from './search.ts'

const read = (query: string) => searchIn(new URLSearchParams(query))
const again = (search: Search) => searchIn(new URL(addressOf(search), 'http://loja').searchParams)

test('numbers are read as Brazilians write them, and nonsense is ignored', () => {
  assert.equal(read('preco_max=R$ 120.000,00').priceMax, 120_000)
  assert.equal(read('preco_max=60000').priceMax, 60_000)
  assert.equal(read('preco_max=60000.50').priceMax, 60_000, 'cents make it no hundred times larger')
  for (const nonsense of ['abc', '-', '99999999999', ''])
    assert.equal(read(`preco_max=${nonsense}`).priceMax, undefined)
  assert.equal(read('ano_min=1800').yearMin, undefined)
  assert.equal(read('ordem=drop table').order, 'price_asc')
})

test('an address that is asked, written and asked again is the same search', () => {
  fc.assert(
    fc.property(fc.webQueryParameters(), (query) => {
      const search = read(query)
      assert.deepEqual(again(search), search)
    }),
  )
  const full = read(
    'q=strada&tipo=picape&tipo=SUV&marca=Fiat&cor=Branco&preco_min=10000&preco_max=90000&ano_min=2019&km_max=50000&ordem=newest&apos=abc&pagina=4',
  )
  assert.deepEqual(full.body, ['picape', 'SUV'])
  assert.deepEqual(again(full), full)
})

test('the API is asked for the chosen filters and no others', () => {
  assert.deepEqual(queryOf(read('q=gol&preco_max=60000')), {
    status_filter: 'available',
    sort_by: 'price_asc',
    limit: 24,
    q: 'gol',
    price_max: 60_000,
  })
})

test('each chip leads to the same search without it, from its first page', () => {
  const chips = chipsOf(read('q=gol&preco_max=60000&ano_min=2020&apos=abc&pagina=3'))
  assert.deepEqual(
    chips.map(({ label, without }) => [label, addressOf(without)]),
    [
      ['“gol”', '/carros?preco_max=60000&ano_min=2020'],
      ['Até R$\u00a060\u00a0mil', '/carros?q=gol&ano_min=2020'],
      ['2020 ou mais novo', '/carros?q=gol&preco_max=60000'],
    ],
  )
})

test('several values of a filter are joined by commas, without repeats and empty ones, and never more than the API takes', () => {
  const search = read('marca=Fiat&marca=Jeep&marca=Fiat&marca=%20&cor=Azul,Verde&km_max=30000')
  assert.deepEqual(
    [queryOf(search).brand, queryOf(search).color, queryOf(search).mileage_max],
    ['Fiat,Jeep', 'Azul Verde', 30_000],
  )
  const many = new URLSearchParams(Array.from({ length: 40 }, (_, index) => ['marca', `uma marca longa ${index}`]))
  assert.ok((queryOf(searchIn(many)).brand ?? '').length <= 300)
  assert.deepEqual(
    chipsOf(search)
      .map(({ label, without }) => [label, addressOf(without)])
      .slice(0, 2),
    [
      ['Fiat', '/carros?marca=Jeep&cor=Azul+Verde&km_max=30000'],
      ['Jeep', '/carros?marca=Fiat&cor=Azul+Verde&km_max=30000'],
    ],
  )
})

test('a page without a place to begin is the first', () => {
  assert.equal(read('pagina=7').page, 1)
  assert.equal(read('pagina=0&apos=abc').page, 2)
})

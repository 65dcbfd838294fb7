/** The language of problems, by what a client accepts. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { languageOf, varying } from './language.ts'

for (const [header, language] of [
  [undefined, 'en'],
  ['', 'en'],
  ['*', 'en'],
  ['pt-BR', 'pt-BR'],
  ['pt', 'pt-BR'],
  ['PT-br;q=0.9, en;q=0.8', 'pt-BR'],
  ['pt-BR,pt;q=0.9,en-US;q=0.8,en;q=0.7', 'pt-BR'],
  ['en-US,en;q=0.9,pt;q=0.8', 'en'],
  ['pt, en', 'pt-BR'],
  ['en, pt', 'en'],
  ['pt;q=0', 'en'],
  ['fr, pt;q=0.1', 'pt-BR'],
  ['fr, en;q=0.5, pt;q=0.1', 'en'],
  ['pt;q=nonsense', 'en'],
] as const) {
  test(`"${header}" is told in ${language}`, () => assert.equal(languageOf(header), language))
}

test('each header that an answer varies by is named once', () => {
  assert.equal(varying(undefined, 'accept-language'), 'accept-language')
  assert.equal(varying('Origin, accept-encoding', 'accept-language'), 'Origin, accept-encoding, accept-language')
  assert.equal(varying('Accept-Language', 'accept-language'), 'Accept-Language')
})

/** A vehicle's names, its drawing, and the words about its papers. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { BODIES, bodyOf } from '../art/body.ts'
import { drawing } from '../art/drawing.ts'
import { paintOf } from '../art/paint.ts'
import { nameOf, papersOf, pathOf, pictureOf, versionOf } from './vehicle-facts.ts'

test('a model’s first words are its name, the rest its version', () => {
  const named = (model: string) => [nameOf({ brand: 'Marca', model }), versionOf({ model })]
  assert.deepEqual(named('Corolla XEi 2.0'), ['Marca Corolla', 'XEi 2.0'])
  assert.deepEqual(named('Corolla Cross XRE'), ['Marca Corolla Cross', 'XRE'])
  assert.deepEqual(named('Kwid'), ['Marca Kwid', ''])
})

test('a drawing stands for the body, known by its word or by the model', () => {
  for (const [model, body] of [
    ['Strada Volcano', 'pickup'],
    ['HR-V EXL', 'suv'],
    ['Corolla XEi', 'sedan'],
    ['Corolla Cross XRE', 'suv'],
    ['CG 160 Titan', 'moto'],
    ['R 1250 GS Adventure', 'moto'],
    ['CB 500F', 'moto'],
    ['Dolphin GS', 'hatch'],
    ['Gol 1.0', 'hatch'],
    ['Hilux SRV', 'pickup'],
    ['Hilux SW4', 'suv'],
  ] as const)
    assert.equal(bodyOf({ model }), body, model)
  assert.equal(bodyOf({ model: 'Gol', body: 'Sedã' }), 'sedan')
  assert.equal(paintOf('Branco perolizado'), 'branco')
  assert.equal(paintOf('Vermelha'), 'vermelho')
  assert.equal(paintOf('cor de burro quando foge'), 'prata')
  assert.equal(pictureOf({ brand: 'Fiat', model: 'Strada', color: 'Azul' }), '/desenhos/2/pickup-azul-picture.svg')
})

test('each drawing is a picture of its own, painted, and runs nothing', () => {
  for (const body of BODIES) {
    const source = readFileSync(new URL(`../art/${body}.svg`, import.meta.url), 'utf8')
    const painted = drawing(source, body, 'azul', 'picture')
    assert.match(painted, /color="#2f5d8c"/)
    assert.doesNotMatch(painted, /<script|style=|href="http/)
    assert.notEqual(drawing(source, body, 'azul', 'strip'), painted)
  }
})

test('an unknown fact of the papers is never shown as a good one', () => {
  assert.deepEqual(
    papersOf({}).map(({ verdict }) => verdict),
    ['unknown', 'unknown', 'unknown', 'unknown'],
  )
  const told = papersOf({ documentation: { has_debts: true, has_recall: false, licensing_year: 2026 } })
  assert.deepEqual(
    told.map(({ name, verdict }) => `${name} ${verdict}`),
    ['debts bad', 'recall good', 'licensing good', 'inspection unknown'],
  )
})

test('looked-up facts replace their sum, and a fact that nobody looked up is shown as unknown', () => {
  const finding = (status: 'clear' | 'found' | 'unknown') => ({ status, source: null, checked_on: null, note: null })
  const told = papersOf({
    documentation: { has_debts: false },
    restrictions: {
      ...{ theft: finding('clear'), fines: finding('found'), taxes: finding('clear'), lien: finding('clear') },
      other: finding('unknown'),
    },
  })
  assert.deepEqual(
    told.map(({ name, verdict }) => `${name} ${verdict}`),
    [
      ...['theft good', 'lien good', 'taxes good', 'fines bad', 'other unknown'],
      ...['recall unknown', 'licensing unknown', 'inspection unknown'],
    ],
  )
})

test('the address of a car reads', () => {
  assert.equal(pathOf({ id: 7, brand: 'Citroën', model: 'C3 Feel', year: 2022 }), '/carros/7/citroen-c3-feel-2022')
})

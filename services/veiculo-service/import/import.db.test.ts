/** A file of vehicles: the meaning of its rows, the report of bad ones, and a file that is sent again. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { generateRenavam } from '@brazilian-utils/brazilian-utils'
import { call, importing, keyring } from '../http/http.suite.ts'

const seller = await keyring.sign({ role: 'staff', scope: 'seller', subject: 'nina' })

const HEAD =
  'Marca;Modelo;Ano;Ano modelo;Cor;Preço;Placa;Chassi;RENAVAM;KM;Câmbio;Custo;Data compra;Origem;Publicar;Opcionais'
let born = 0
const row = (more: Partial<Record<'ano' | 'preco' | 'placa' | 'chassi' | 'publicar', string>> = {}) => {
  born += 1
  const number = String(born).padStart(4, '0')
  const { ano = '2020', preco = '45.990,90', placa = `IMP${number}`, publicar = 'sim' } = more
  const { chassi = `9BWZZZ377VT01${number}` } = more
  const cells = ['Fiat', '"Uno ""Way"""', ano, '2021', 'branca', preco, placa, chassi, generateRenavam()]
  return [...cells, '42.000', 'manual', '38000', '2026-01-05', 'purchase', publicar, 'Ar-condicionado|ABS'].join(';')
}
const file = (...rows: readonly string[]) => [HEAD, ...rows, ''].join('\r\n')

test('a row written by a Brazilian spreadsheet becomes a vehicle with all its fields', async () => {
  const { status, body } = await importing(file(row({ placa: 'XYZ1A23' }), row({ publicar: 'não' })))
  assert.deepEqual([status, body], [200, { taken_in: 2, known: 0, errors: [] }], JSON.stringify(body))
  const { vehicles } = (await call('POST', '/vehicles/search', { license_plate: 'XYZ1A23' })).body
  const { model, year, model_year, color, price, mileage_km, status: standing, options, id } = vehicles[0]
  assert.deepEqual(
    { model, year, model_year, color, price, mileage_km, standing, options },
    {
      ...{ model: 'Uno "Way"', year: 2020, model_year: 2021, color: 'Branco', price: 45_990.9, mileage_km: 42_000 },
      ...{ standing: 'available', options: ['Ar-condicionado', 'ABS'] },
    },
  )
  assert.equal((await call('GET', `/vehicles/${id}/costs`)).body.acquisition_cost, 38_000)
})

test('every bad row is reported by line and field, and the good ones are taken in', async () => {
  const bad = [row({ ano: 'dois mil' }), row({ placa: 'AB12345', chassi: 'IOQ' }), row({ preco: '0' })]
  const { body } = await importing(file(row(), bad[0] ?? '', '', bad[1] ?? '', row(), bad[2] ?? ''))
  assert.equal(body.taken_in, 2)
  assert.deepEqual(
    body.errors.map(({ line, field }: { line: number; field: string }) => [line, field]),
    [
      [3, 'year'],
      [5, 'license_plate'],
      [5, 'chassi_number'],
      [7, 'price'],
    ],
  )
  const strange = await importing('marca;dono\nFiat;Ana')
  assert.deepEqual(strange.body, {
    ...{ taken_in: 0, known: 0 },
    errors: [{ line: 1, field: 'dono', message: 'is no column that is known' }],
  })
})

test('a price is read as it is written, never as a hundredth or a hundred times it', async () => {
  const prices = ['45.990', 'R$ 45.990', 'R$ 45.990,90', '45990.90', '45990,9']
  const { body } = await importing(file(...prices.map((preco) => row({ preco }))))
  assert.deepEqual(body, { taken_in: 5, known: 0, errors: [] })
  const { vehicles } = (await call('GET', '/vehicles?status_filter=any&sort_by=newest&limit=5')).body
  assert.deepEqual(
    vehicles.map(({ price }: { price: number }) => price),
    [45_990.9, 45_990.9, 45_990.9, 45_990, 45_990],
  )
  for (const preco of ['50000.0000009', '50000,005', '45,990.90', '1e5', '0x10'])
    assert.equal((await importing(file(row({ preco })))).body.errors[0].field, 'price', preco)
})

test('a file that would lose letters, or could be read in two ways, changes nothing', async () => {
  const line = row().replace('Fiat', 'Citroën')
  const whole = file(line)
  assert.equal((await importing(Buffer.from(whole, 'latin1'))).status, 400)
  assert.equal((await importing(whole, undefined, { 'content-type': 'text/csv; charset=iso-8859-1' })).status, 415)
  assert.equal((await importing(gzipSync(whole), undefined, { 'content-encoding': 'gzip' })).status, 415)
  const open = await importing(whole.replace('"Uno ""Way"""', '"Uno'))
  assert.match(open.body.errors[0].message, /line 2/)
  const twice = await importing(whole.replace('Opcionais', 'valor'))
  assert.deepEqual(twice.body.errors, [{ line: 1, field: 'valor', message: 'is there twice' }])
  const longer = await importing(file(`${line};mais`))
  assert.deepEqual(longer.body.errors, [{ line: 2, field: '', message: 'has more cells than there are columns' }])
  assert.equal((await importing(file(line.replace('Citroën', 'Citro\ufffdn')))).body.errors[0].field, 'brand')
  assert.deepEqual((await importing(file(line.normalize('NFD')))).body, { taken_in: 1, known: 0, errors: [] })
  assert.equal(
    (await call('GET', `/vehicles?brand=${encodeURIComponent('Citroën')}`)).body.vehicles[0].brand,
    'Citroën',
  )
})

test('a file that is sent again doubles nothing, and a vehicle that is in it twice is taken once', async () => {
  const twice = row()
  const text = file(...Array.from({ length: 230 }, () => row()), twice, twice)
  const first = await importing(text)
  assert.deepEqual(first.body, { taken_in: 231, known: 1, errors: [] })
  assert.deepEqual((await importing(text)).body, { taken_in: 0, known: 232, errors: [] })
  const duo = file(row())
  const both = await Promise.all([1, 2].map(() => importing(duo)))
  const taken = both.reduce((sum, { body }) => sum + body.taken_in, 0)
  assert.equal(taken, 1, 'of two at once one')
})

test('only the back office sends a file, and not more than a thousand rows at once', async () => {
  assert.equal((await importing(file(row()), seller)).status, 403)
  assert.equal((await call('POST', '/vehicles/import', {})).status, 415)
  const many = await importing(file(...Array.from({ length: 1_001 }, () => 'Fiat')))
  assert.equal(many.status, 422)
})

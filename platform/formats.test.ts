/** The formats that schemas name: each sample of Brazil's identifiers is taken, each broken variant refused. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ajv } from 'ajv'
import { bare, normalisePhone, normaliseRenavam, registerFormats } from './formats.ts'

const ajv = new Ajv()
registerFormats(ajv)

function holds(title: string, format: string, valid: readonly string[], broken: readonly string[]) {
  test(title, () => {
    const fits = ajv.compile({ type: 'string', format })
    for (const text of valid) assert.ok(fits(text), `${format} takes ${JSON.stringify(text)}`)
    for (const text of broken) assert.ok(!fits(text), `${format} refuses ${JSON.stringify(text)}`)
  })
}

holds(
  'a CPF is taken with or without punctuation, and refused with a wrong check digit or eleven equal ones',
  'document',
  ['52998224725', '12345678909', '11144477735', '529.982.247-25'],
  ['52998224724', '52998224735', '5299822472', '529982247250', '11111111111', '00000000000', '5299822472a', ''],
)

holds(
  'a CNPJ is taken with digits and, since 2026, with letters, and refused with a wrong check digit',
  'document',
  ['11222333000181', '11.222.333/0001-81', '12ABC34501DE35', '12.ABC.345/01DE-35', 'A1B2C3D41A2B62', '12abc34501de35'],
  ['11222333000180', '11222333000191', '12ABC34501DE36', 'A1B2C3D41A2B6Z', '1122233300018', '00000000000000'],
)

holds(
  'a RENAVAM is taken with its eleven digits or the nine of old, and refused with a wrong check digit',
  'renavam',
  ['00639884962', '12345678900', '639884962'],
  ['00639884963', '12345678901', '12345678', '006398849621', '00000000000', '0063988496X', ''],
)

holds(
  'a plate is taken as it was and as it is in Mercosul',
  'license-plate',
  ['ABC1234', 'ABC-1234', 'abc1234', 'ABC1C34', 'abc1c34'],
  ['AB12345', 'ABCD123', 'ABC123', 'ABC12345', 'ABC1C3D', '1ABC234', 'ÁBC1234', ''],
)

holds(
  'a chassi is 17 characters without I, O and Q, whatever its ninth',
  'chassi',
  ['9BWZZZ377VT004251', '9bwzzz377vt004251', '9BWZZZ370VT004251', '9BWZZZ37XVT004251'],
  ['9BWZZZ377VT00425', '9BWZZZ377VT0042511', '9BWZZZ377VT00425I', '9BWZZZ377VT00425O', '9BWZZZ377VT00425Q', ''],
)

holds(
  'a telephone number is one that exists in Brazil, and nothing else beside it',
  'brazilian-phone',
  ['11987654321', '(11) 98765-4321', '+55 11 98765-4321', '+5511987654321', '1133334444', '0800 123 4567'],
  ['1198765432', '11111111111', '190', '+12125550100', '00987654321', 'call 11987654321', '11987654321 x12', ''],
)

holds(
  'a driver licence has its check digits',
  'driver-license',
  ['62472927637', '02650306461'],
  ['62472927638', '6247292763', '11111111111', '00000000000', 'a2472927637', ''],
)

holds(
  'a postal code has eight digits',
  'postal-code',
  ['01310100', '01310-100', '01000-000', '99999-999', '78899-999'],
  [
    '00000-000',
    '00999-999',
    '78900-000',
    '78999-999',
    '0131010',
    '013101000',
    '01310--100',
    '01310 100',
    'ABCDE-FGH',
    '',
  ],
)

holds(
  'an id is a UUID as PostgreSQL reads it',
  'uuid',
  ['0189f7a4-1c2e-7cc0-8e55-3f2b1a2c3d4e', '0189F7A4-1C2E-7CC0-8E55-3F2B1A2C3D4E'],
  ['urn:uuid:0189f7a4-1c2e-7cc0-8e55-3f2b1a2c3d4e', '0189f7a41c2e7cc08e553f2b1a2c3d4e', '0189f7a4-1c2e', ''],
)

holds(
  'a line of text holds any letters, but nothing that a database cannot store or a line cannot show',
  'text',
  ['Ana', 'Conceição d’Ávila', '500 🚗', '', '李', 'e\u0301', 'زهرا'],
  [
    'A\u0000',
    'A\nB',
    'A\tB',
    '\ud800',
    '\u007f',
    'A\u2028B',
    'A\u202eB',
    '\u2066A',
    'A\u200f',
    'A\u061c',
    'Concei\ufffd\ufffdo',
  ],
)

holds(
  'a line of text shows something: a letter or a digit that can be seen',
  'text',
  ['3008', 'A\u200b', '\u200d\u0938\u094d'],
  [
    '\u200b\u200b\u200b',
    '\u3164\u3164\u3164',
    '\u2800\u2800\u2800',
    '   ',
    '\u00a0\u00a0',
    '\u115f',
    '...',
    '\u0301\u0301',
  ],
)

holds(
  'a text of several lines holds what lines hold',
  'lines',
  ['Único dono.\r\n\tRevisado.', ''],
  ['A\u0000', 'A\u202eB', '\n\n', '\u3164', '\u007fA', '\ud800A'],
)

holds('a date is a day that exists', 'date', ['2024-02-29'], ['2023-02-29', '2024-1-1', '2024-13-01', 'today', ''])

holds(
  'a moment names its zone',
  'date-time',
  ['2024-02-29T10:00:00Z', '2024-02-29T10:00:00.123-03:00'],
  ['2024-02-29T10:00:00', '2024-02-29', '2024-02-29T25:00:00Z', '2024-02-29T10:00:00+25:00', ''],
)

holds('an e-mail address has a name and a domain', 'email', ['ana@example.com.br'], ['ana', 'ana@', '@example.com', ''])

holds('an address of a page is absolute', 'uri', ['https://example.com/a.jpg'], ['a.jpg', 'http://a b', ''])

test('the stored form is bare: no punctuation, capital letters, one form of each number', () => {
  assert.equal(bare('12.abc.345/01de-35'), '12ABC34501DE35')
  assert.equal(normaliseRenavam('639884962'), '00639884962')
  for (const written of ['11987654321', '(11) 98765-4321', '+55 11 98765-4321', '011 98765-4321']) {
    assert.equal(normalisePhone(written), '+5511987654321')
  }
})

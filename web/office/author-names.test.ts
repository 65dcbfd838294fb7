import assert from 'node:assert/strict'
import { test } from 'node:test'
import { namer, signed } from './author-names.ts'

const RUI = '01990000-0000-7000-8000-00000000beef'
const nameOf = namer([
  { account_id: RUI, name: 'Rui Dias' },
  { account_id: '01990000-0000-7000-8000-00000000dead', name: null },
])

test('an act is signed with a name, whether its account stands alone or behind a role', () => {
  assert.equal(nameOf(RUI), 'Rui Dias')
  assert.equal(nameOf(`staff ${RUI}`), 'Rui Dias')
})

test('what the system or a buyer did is told so, and an account without a name by its last letters', () => {
  assert.equal(nameOf('orquestrador'), 'o sistema')
  assert.equal(nameOf('service veiculo-service'), 'o sistema')
  assert.equal(nameOf('customer 01990000-0000-7000-8000-000000000001'), 'o cliente')
  assert.equal(nameOf('admin'), 'administração')
  assert.equal(nameOf('staff 01990000-0000-7000-8000-00000000dead'), 'conta 00DEAD')
  assert.equal(nameOf('staff maria'), 'maria')
})

test('rows that nobody signed stay as they are', () => {
  const rows = [{ at: 1, author: RUI }, { at: 2 }]
  assert.deepEqual(signed(rows, nameOf), [{ at: 1, author: 'Rui Dias' }, { at: 2 }])
})

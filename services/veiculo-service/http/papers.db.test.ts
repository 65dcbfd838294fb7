/**
 * Papers as the back office states them: which vehicles they keep off sale, which statements are refused, and the list of
 * missing ones.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isValidNfeKey } from '@brazilian-utils/brazilian-utils'
import { call, clock, keyring, offered, SHOP_CNPJ, sell, some } from './http.suite.ts'

const seller = await keyring.sign({ role: 'staff', scope: 'seller', subject: 'nina' })
const DAY_MS = 86_400_000
const wrongFields = ({ body }: { body: { errors: { path: string }[] } }) => body.errors.map(({ path }) => path).sort()

const looked = (status = 'clear') => ({ status, source: 'Senatran', checked_on: '2026-03-02' })
const CLEAR = { theft: looked(), fines: looked(), taxes: looked(), lien: looked(), other: looked() }

let notes = 0
/** A key of 44 characters as our notes have them, whose last digit fits. */
function key(cnpj = SHOP_CNPJ, month = '2603') {
  notes += 1
  const body = `35${month}${cnpj}55001${String(notes).padStart(9, '0')}180427613`
  const found = [...'0123456789'].map((digit) => body + digit).find((one) => isValidNfeKey(one))
  return found ?? assert.fail(body)
}
const note = (more: object = {}) => ({ key: key(), value: 38_000, issued_on: '2026-03-02', ...more })

const put = (id: number, body: object, token?: string) => call('PUT', `/vehicles/${id}/papers`, body, token)
const papersOf = (tasks: { paper: string }[]) => tasks.map(({ paper }) => paper)

test('an unknown restriction keeps a prepared vehicle off sale, and is never shown as clear', async () => {
  const { id, ...vehicle } = await offered({ publish: false })
  assert.equal('restrictions' in vehicle, false, 'nobody has looked')
  assert.equal((await call('GET', `/vehicles/${id}/papers`)).body.restrictions.lien.status, 'unknown')
  const first = await put(id, { restrictions: { theft: looked() } })
  assert.deepEqual(first.body.blocked_by, ['fines', 'taxes', 'lien', 'other'])
  const refused = await call('POST', `/vehicles/${id}/publish`)
  assert.deepEqual(
    [refused.status, refused.body.detail],
    [409, 'What is known of its papers keeps the vehicle off sale'],
  )
  assert.deepEqual(refused.body.blocked_by, ['fines', 'taxes', 'lien', 'other'])
  const all = await put(id, { restrictions: { ...CLEAR, lien: { ...looked('found'), note: 'quita-se na venda' } } })
  assert.deepEqual([all.status, all.body.blocked_by], [200, []])
  assert.equal((await call('POST', `/vehicles/${id}/publish`)).status, 200)
  const public_ = await call('GET', `/vehicles/${id}`, undefined, '')
  assert.deepEqual(
    [public_.body.restrictions.lien.status, public_.body.restrictions.theft.status],
    ['found', 'clear'],
    'buyers are told',
  )
})

test('a vehicle with such a restriction cannot be posted for sale, but can in preparation', async () => {
  const unknown = { restrictions: { theft: looked() } }
  const refused = await call('POST', '/vehicles', some(unknown))
  assert.deepEqual([refused.status, refused.body.blocked_by], [409, ['fines', 'taxes', 'lien', 'other']])
  assert.equal((await offered({ ...unknown, publish: false })).status, 'preparation')
  assert.equal((await offered({ restrictions: CLEAR })).status, 'available')
  const bare = { restrictions: { theft: { status: 'clear' } } }
  assert.deepEqual(wrongFields(await call('POST', '/vehicles', some(bare))), [
    '/restrictions/theft/checked_on',
    '/restrictions/theft/source',
  ])
})

test('a theft that is found takes the vehicle off sale at once, until it is cleared', async () => {
  const { id } = await offered({ restrictions: CLEAR })
  assert.equal((await put(id, { restrictions: { theft: looked('found') } })).status, 200)
  assert.equal((await call('GET', `/vehicles/${id}`)).body.status, 'withdrawn')
  assert.deepEqual((await call('POST', `/vehicles/${id}/relist`)).body.blocked_by, ['theft'])
  await put(id, { restrictions: { theft: looked() } })
  assert.equal((await call('POST', `/vehicles/${id}/relist`)).body.status, 'available')
})

test('the key of a note is checked: its digit, its month, its issuer, and that no other vehicle has it', async () => {
  const [one, other] = [await offered(), await offered()]
  const wrongDigit = key().replace(/.$/, (digit) => String((Number(digit) + 1) % 10))
  assert.deepEqual(wrongFields(await put(one.id, { entry_invoice: note({ key: wrongDigit }) })), ['/entry_invoice/key'])
  const otherMonth = note({ issued_on: '2026-04-02' })
  assert.deepEqual(wrongFields(await put(one.id, { entry_invoice: otherMonth })), ['/entry_invoice/issued_on'])
  const foreign = note({ key: key('45543915000181') })
  assert.deepEqual(wrongFields(await put(one.id, { exit_invoice: foreign })), ['/exit_invoice/key'])
  const entered = await put(one.id, { entry_invoice: foreign })
  assert.deepEqual([entered.status, entered.body.invoices[0]?.value], [200, 38_000], JSON.stringify(entered.body))
  const taken = await put(other.id, { entry_invoice: foreign })
  assert.deepEqual([taken.status, taken.body.detail], [409, 'The note is another’s, or another note of its kind holds'])
  assert.equal((await put(one.id, { entry_invoice: note() })).status, 409, 'one holds already')
  assert.equal((await put(one.id, { entry_invoice: { ...foreign, status: 'cancelled' } })).status, 200)
  const replaced = await put(one.id, { entry_invoice: note() })
  assert.deepEqual(replaced.body.invoices.map(({ status }: { status: string }) => status).sort(), [
    'authorised',
    'cancelled',
  ])
  assert.equal('entry_invoice' in replaced.body, false)
  assert.equal((await call('GET', `/vehicles/${one.id}/costs`)).body.cost, null, 'a note’s value is no cost')
})

test('a Renave entry or exit needs its papers, and a refusal says which are lacking', async () => {
  const { id } = await offered()
  const entry = { renave_entry: { done_on: '2026-03-03', protocol: 'R-1' } }
  const refused = await put(id, entry)
  assert.deepEqual([refused.status, refused.body.lacking], [409, ['entry_invoice', 'atpv_e']])
  const whole = { ...entry, entry_invoice: note(), atpv_e: { number: '123', signed_on: '2026-03-01' } }
  const kept = await put(id, whole)
  assert.deepEqual([kept.status, papersOf(kept.body.tasks)], [200, ['restrictions']])
  assert.equal((await put(id, { renave_exit: { done_on: '2026-03-03' } })).body.lacking[0], 'exit_invoice')
  assert.deepEqual(
    wrongFields(await put(id, { inspection: { report: 'L', done_on: '2999-01-01', result: 'approved' } })),
    ['/inspection/done_on'],
  )
  assert.equal((await put(id, {})).status, 422)
  assert.equal((await put(999_999, { crv: null })).status, 404)
})

test('the list over all vehicles tells which papers are missing, and which are late by the calendar', async () => {
  const { id } = await offered()
  await sell(id)
  const listed = async (query: string) => {
    const { body } = await call('GET', `/vehicles/papers?limit=1&cursor=${id - 1}${query}`)
    return body.vehicles.find(({ vehicle_id }: { vehicle_id: number }) => vehicle_id === id)?.tasks ?? []
  }
  assert.ok(papersOf(await listed('')).includes('communication_of_sale'))
  assert.deepEqual(await listed('&state=late'), [])
  clock.ahead = 61 * DAY_MS
  try {
    assert.deepEqual(papersOf(await listed('&state=late')), ['communication_of_sale'])
  } finally {
    clock.ahead = 0
  }
  assert.equal((await call('GET', '/vehicles/papers', undefined, seller)).status, 403)
  assert.equal((await call('GET', `/vehicles/${id}/papers`, undefined, seller)).status, 403)
  assert.equal((await put(id, { crv: null }, seller)).status, 403)
})

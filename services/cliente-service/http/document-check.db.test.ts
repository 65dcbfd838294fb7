/** Whether a document belongs to a customer, as the handover asks. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { needsRepresentative } from '../domain/customer.ts'
import { customersApp } from './http.suite.ts'

const { call, register } = await customersApp()
const service = { authorization: 'Bearer service.veiculo-service' }
const check = (id: number, body: object) => call('POST', `/customers/${id}/document-check`, body, service)

test('says whether a document is theirs, and nothing else about them', async () => {
  const { id } = await register({ document: '111.444.777-35' })
  const told = { needs_representative: false, is_deceased: false }
  assert.deepEqual((await check(id, { document: '11144477735' })).body, { is_theirs: true, ...told })
  assert.deepEqual((await check(id, { document: '529.982.247-25' })).body, { is_theirs: false, ...told })
  assert.deepEqual((await check(id, {})).body, { is_theirs: false, ...told })
  assert.equal((await check(999_999, {})).status, 404)
})

test('a dead customer is blocked and reported as dead, and unblocking undoes a mistake', async () => {
  const { id } = await register()
  const staff = { authorization: 'Bearer staff' }
  const reason = 'Certidão de óbito apresentada'
  assert.equal((await call('POST', `/customers/${id}/block`, { reason, deceased: true }, staff)).body.status, 'blocked')
  assert.equal((await check(id, {})).body.is_deceased, true)
  await call('POST', `/customers/${id}/block`, { reason: 'Outro motivo' }, staff)
  assert.equal((await check(id, {})).body.is_deceased, true)
  await call('POST', `/customers/${id}/unblock`, undefined, staff)
  assert.equal((await check(id, {})).body.is_deceased, false)
})

test('a company needs a representative, and a minor until the day they are eighteen in São Paulo', () => {
  const ana = { document: '52998224725', birth_date: null }
  const at = (time: string) => new Date(time)
  assert.equal(needsRepresentative({ ...ana, document: '11222333000181' }, at('2026-03-02T12:00:00Z')), true)
  assert.equal(needsRepresentative(ana, at('2026-03-02T12:00:00Z')), false)
  const minor = { ...ana, birth_date: '2008-03-02' }
  assert.equal(needsRepresentative(minor, at('2026-03-02T02:59:59Z')), true)
  assert.equal(needsRepresentative(minor, at('2026-03-02T03:00:00Z')), false)
})

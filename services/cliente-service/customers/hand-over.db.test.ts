/** Hands over the open matters of somebody who left: the customers whom they registered, and their approvals. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { workHandedOver } from '#contracts'
import { messageOf } from '../../../tests/fixtures/database.ts'
import { as, customersApp } from '../http/http.suite.ts'
import { takeOver } from './hand-over.ts'

const { call, database, unitOfWork } = await customersApp()
const [nina, rui] = ['nina', 'rui']

/** As tokens name them here; those of identidade-service are UUIDs. */
const leaves = (from: string, to: string) =>
  unitOfWork((tx, send) =>
    takeOver.handle(tx, [messageOf(workHandedOver, crypto.randomUUID(), { from, to, to_role: 'staff' })], send),
  )
const registrarOf = async (id: number) =>
  (await database.query<{ registered_by: string }>('select registered_by from customers where id = $1', [id]))[0]
    ?.registered_by

const askedBy = async (subject: string) =>
  (await call('GET', '/approvals?status=waiting', undefined, as(`staff.${subject}`))).body.approvals.length

test('customers and open requests go over, once even if told twice, and those of others stay theirs', async () => {
  const person = (document: string) => ({
    name: 'Rosa Lima',
    email: null,
    phone: '11987654321',
    document,
  })
  const rosa = await call('POST', '/customers', person('52998224725'), as(`staff.${nina}`))
  const other = await call('POST', '/customers', person('11144477735'), as('staff.olga'))
  assert.deepEqual([rosa.status, other.status], [201, 201])
  const deposit = { amount: 15_000, kind: 'deposit', reason: 'Paid at the counter' }
  const asked = await call('POST', `/customers/${rosa.body.id}/adjustments`, deposit, as(`staff.${nina}`))
  assert.equal(asked.status, 202, JSON.stringify(asked.body))
  assert.deepEqual([await askedBy(nina), await askedBy(rui)], [1, 0])

  for (const _time of [1, 2]) await leaves(nina, rui)
  assert.deepEqual([await askedBy(nina), await askedBy(rui)], [0, 1])
  assert.deepEqual([await registrarOf(rosa.body.id), await registrarOf(other.body.id)], ['staff rui', 'staff olga'])
  const decided = await call('POST', `/approvals/${asked.body.approval_id}/approve`, {}, as('admin.ada'))
  assert.equal(decided.status, 200, JSON.stringify(decided.body))
})

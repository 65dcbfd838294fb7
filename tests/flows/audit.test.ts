/** The audit of a running system: silent while all is well, loud when a record was changed by hand. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Database } from '#platform/database/database'
import { startOperated } from '../fixtures/operator.ts'
import { buy, customerWith, ORQUESTRADOR, PAGAMENTO, sagaOf, settled, until, vehicleAt } from '../fixtures/system.ts'

const api = await startOperated({ SAGA_STEP_TIMEOUT_SECONDS: '2' })
const cliente = api.databaseOf('cliente_service')
const veiculo = api.databaseOf('veiculo_service')
const pagamento = api.databaseOf('pagamento_service')
const orquestrador = api.databaseOf('orquestrador')

/** The findings of the audit, as `kind subject`. */
async function findings(): Promise<string[]> {
  const { stdout, stderr } = await api.run('audit', '--json')
  assert.equal(stderr, '')
  const audit = JSON.parse(stdout)
  assert.equal(audit.status, 'finished', stdout)
  return audit.findings.map(({ kind, subject }: { kind: string; subject: string }) => `${kind} ${subject}`)
}

async function bought(payment_type = 'cash'): Promise<{ id: string; buyer: number; vehicle: number }> {
  const buyer = await customerWith(api, { initial_balance: 50_000, credit_limit: 50_000 })
  const vehicle = await vehicleAt(api, 45_000)
  const id = await buy(api, buyer, vehicle, payment_type)
  assert.equal((await settled(api, id)).status, 'COMPLETED')
  return { id, buyer, vehicle }
}

async function paidByPix() {
  const vehicle = await vehicleAt(api, 45_000)
  const id = await buy(api, await customerWith(api), vehicle, 'pix')
  const { context } = await until('the code is shown', async () => {
    const saga = await sagaOf(api, id)
    return saga.current_step === 'PAYMENT_PROCESSING' && saga
  })
  assert.equal((await api.call(PAGAMENTO, 'POST', '/payments', { payment_code: context.payment_code })).status, 201)
  return id
}

test('it finds nothing while all is well, whatever the purchases’ outcomes', async () => {
  for (const payment_type of ['cash', 'credit']) await bought(payment_type)
  await settled(api, await paidByPix())
  const declined = await buy(api, await customerWith(api, { initial_balance: 99_000 }), await vehicleAt(api, 45_000.13))
  assert.equal((await settled(api, declined)).status, 'FAILED_COMPENSATED')
  const waiting = await buy(api, await customerWith(api), await vehicleAt(api, 45_000), 'pix')
  await api.call(ORQUESTRADOR, 'POST', `/purchase/${waiting}/cancel`, {})
  assert.equal((await settled(api, waiting)).status, 'CANCELLED')
  await buy(api, await customerWith(api), await vehicleAt(api, 45_000), 'pix') // is still waited for
  const { code, stdout } = await api.run('audit')
  assert.equal(code, 0, stdout)
  assert.match(
    stdout,
    /Audit \d+: 6 purchases, 6 holds, \d reservations, \d charges, 6 accounts compared; everything agrees/,
  )
})

test('amounts of any size are read, also those that floating point takes for no multiple of a cent', async () => {
  const rich = await customerWith(api, { initial_balance: 50_000_000.19, credit_limit: 50_000_000.21 })
  for (const payment_type of ['cash', 'credit'])
    await settled(api, await buy(api, rich, await vehicleAt(api, 1_000.17), payment_type))
  assert.deepEqual(await findings(), [])
})

test('a finding says what is wrong and what to do, and the exit code tells scripts', async () => {
  const { id } = await bought()
  await cliente.query(`update credit_holds set status = 'released' where transaction_id = $1`, [id])
  const { code, stdout } = await api.run('audit')
  assert.equal(code, 1)
  assert.match(stdout, new RegExp(`hold_missing +${id} +is completed, and holds nothing of the buyer: hold released`))
  assert.match(stdout, /What to do:\n(.*\n)*? +hold_missing: redo it/)
  await cliente.query(`update credit_holds set status = 'held' where transaction_id = $1`, [id])
  assert.deepEqual(await findings(), [])
})

test('each record that was changed behind the back of its service is found', async () => {
  const { id, buyer, vehicle } = await bought('credit')
  const changes: [Database, change: string, back: string, found: string[]][] = [
    [
      cliente,
      `update ledger set amount_cents = -1 where transaction_id = '${id}'`,
      `update ledger set amount_cents = -4500000 where transaction_id = '${id}'`,
      [`account_disagrees customer ${buyer}`, `ledger_disagrees ${id}`],
    ],
    [
      cliente,
      `update customers set account_balance_cents = account_balance_cents + 1 where id = ${buyer}`,
      `update customers set account_balance_cents = account_balance_cents - 1 where id = ${buyer}`,
      [`account_disagrees customer ${buyer}`],
    ],
    [
      veiculo,
      `update vehicles set sold_to_transaction = null where id = ${vehicle}`,
      `update vehicles set sold_to_transaction = '${id}' where id = ${vehicle}`,
      [`vehicle_disagrees ${id}`],
    ],
    [
      pagamento,
      `update payments set status = 'refunded' where transaction_id = '${id}'`,
      `update payments set status = 'completed' where transaction_id = '${id}'`,
      [`payment_missing ${id}`],
    ],
    [
      pagamento,
      `update payment_codes set amount_cents = 1 where transaction_id = '${id}'`,
      `update payment_codes set amount_cents = 4500000 where transaction_id = '${id}'`,
      [`records_disagree ${id}`],
    ],
    [
      orquestrador,
      `update sagas set status = 'CANCELLED' where transaction_id = '${id}'`,
      `update sagas set status = 'COMPLETED' where transaction_id = '${id}'`,
      [`hold_not_released ${id}`, `payment_not_returned ${id}`, `vehicle_not_released ${id}`],
    ],
  ]
  for (const [database, change, back, found] of changes) {
    await database.query(change)
    assert.deepEqual((await findings()).sort(), found)
    await database.query(back)
  }
  assert.deepEqual(await findings(), [])
})

test('money that is nobody’s payment is found until it is given back', async () => {
  await pagamento.query(
    `insert into unmatched_payments (reason, status, end_to_end_id, amount_cents, received_at, created_at)
     values ('unknown_code', 'parked', 'E00000000202603021200abcdefghijk', 1000, now(), now())`,
  )
  const [one, ...more] = await findings()
  assert.match(one ?? '', /^money_unmatched unmatched payment \d+$/)
  assert.deepEqual(more, [])
  await pagamento.query(`delete from unmatched_payments`)
})

test('a purchase of more than a page of others is found among them', async () => {
  const { id } = await bought()
  await cliente.query(
    `insert into credit_holds (transaction_id, customer_id, payment_type, amount_cents, status, reason, created_at, updated_at)
     select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 1, 'cash', 100, 'released',
       'released_before_reserved', now(), now() from generate_series(1, 1203) as n`,
  )
  await cliente.query(
    `update credit_holds set status = 'held', reason = null, payment_type = 'pix'
     where transaction_id in ('00000000-0000-7000-8000-000000000500', '00000000-0000-7000-8000-000000001203')`,
  )
  await veiculo.query(`update vehicle_reservations set customer_id = 999 where transaction_id = $1`, [id])
  assert.deepEqual(await findings(), [
    'hold_without_purchase 00000000-0000-7000-8000-000000000500',
    'hold_without_purchase 00000000-0000-7000-8000-000000001203',
    `records_disagree ${id}`,
  ])
  const recent = await api.run('audit', '--json', '--since', '2020-01-01')
  assert.deepEqual(
    JSON.parse(recent.stdout).findings.map(({ subject }: { subject: string }) => subject),
    [id],
    'those that began before are left out',
  )
  await cliente.query(`delete from credit_holds where transaction_id < '00000001-0000-0000-0000-000000000000'`)
  await veiculo.query(`update vehicle_reservations set customer_id = $2 where transaction_id = $1`, [
    id,
    (await sagaOf(api, id)).customer_id,
  ])
  assert.deepEqual(await findings(), [])
})

test('one audit runs at a time; a second request joins it', async () => {
  const [one, other] = await Promise.all([
    api.call(ORQUESTRADOR, 'POST', '/audits', {}),
    api.call(ORQUESTRADOR, 'POST', '/audits', {}),
  ])
  assert.deepEqual([one.status, other.status], [202, 202])
  await until('they are finished', async () => {
    const { body } = await api.call(ORQUESTRADOR, 'GET', `/audits/${one.body.id}`)
    return body.status === 'finished'
  })
  assert.equal((await api.call(ORQUESTRADOR, 'GET', '/audits/999999')).status, 404)
  assert.equal((await api.call(ORQUESTRADOR, 'POST', '/audits', { since: 'yesterday' })).status, 422)
})

test('an audit whose process died is told so by the next one', async () => {
  const [dead] = await orquestrador.query<{ id: number }>(
    `insert into audits (status, began_by, began_at, heard_at, compared, findings)
     values ('running', 'admin', now() - interval '1 hour', now() - interval '3 minutes',
       '{"purchases":0,"holds":0,"reservations":0,"charges":0,"accounts":0}', '[]') returning id`,
  )
  assert.deepEqual(await findings(), [])
  const { body } = await api.call(ORQUESTRADOR, 'GET', `/audits/${dead?.id}`)
  assert.equal(body.status, 'abandoned')
})

test('a system compares its services by itself, from its first start on, and tells monitoring', async () => {
  const other = await startOperated({ AUDIT_EVERY_MINUTES: '60' })
  const first = await until('it has audited', async () => {
    const { body } = await other.call(ORQUESTRADOR, 'GET', '/audits')
    return body.audits.find(({ status }: { status: string }) => status === 'finished')
  })
  assert.deepEqual([first.began_by, first.since, first.findings_total], ['the schedule', null, 0])
  const metrics = await (await fetch(`${other.system.addressOf(ORQUESTRADOR)}/metrics`)).text()
  assert.match(metrics, /^mercado_audit_findings\{.*kind="sale_missing".*\} 0$/m)
})

/** An operator's view and acts when something is stuck: by monitoring, over HTTP and by `npm run ops`. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { openKeyring } from '#platform/tokens/local-issuer'
import { breakTable, startOperated } from '../fixtures/operator.ts'
import {
  buy,
  CLIENTE,
  customerWith,
  ORQUESTRADOR,
  PAGAMENTO,
  sagaOf,
  settled,
  until,
  VEICULO,
  vehicleAt,
  vehicleOf,
} from '../fixtures/system.ts'

const api = await startOperated({ SAGA_STEP_TIMEOUT_SECONDS: '2' })
const ops = (...words: readonly string[]) => api.run('ops', ...words)

/** The value of a gauge, read anew: it may be told again for five seconds. */
const figure = (service: string, name: string, wanted: (value: number) => boolean) =>
  until(`${name} is as expected`, async () => {
    const text = await (await fetch(`${api.system.addressOf(service)}/metrics`)).text()
    const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    return lines.length > 0 && wanted(lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)) && lines
  })

test('a payment’s message that could not be handled is found, understood and replayed, and its purchase completes', async () => {
  const vehicle = await vehicleAt(api, 45_000)
  const transaction = await buy(api, await customerWith(api), vehicle, 'pix')
  const { context } = await until('the code is shown', async () => {
    const saga = await sagaOf(api, transaction)
    return saga.current_step === 'PAYMENT_PROCESSING' && saga
  })
  const mend = await breakTable(api.databaseOf('orquestrador'), 'sagas', `new.step = 'MARK_VEHICLE_AS_SOLD'`)
  assert.equal((await api.call(PAGAMENTO, 'POST', '/payments', { payment_code: context.payment_code })).status, 201)
  const letter = await until('it is parked', async () => {
    const { body } = await api.call(ORQUESTRADOR, 'GET', '/dead-letters')
    return body.dead_letters[0]
  })
  assert.equal(letter.subscription, 'orquestrador-payment-processed-sub')
  await figure(ORQUESTRADOR, 'mercado_dead_letters', (waiting) => waiting === 1)

  const list = await ops('dead-letters')
  assert.equal(list.code, 0, list.stderr)
  assert.match(
    list.stdout,
    new RegExp(`orquestrador +${letter.id} .*events.payment.processed +${transaction} +.*out of`),
  )
  assert.match(
    (await ops('dead-letters', 'show', ORQUESTRADOR, String(letter.id))).stdout,
    /reason +error: out of order/,
  )
  const early = await ops('dead-letters', 'replay', ORQUESTRADOR, String(letter.id))
  assert.equal(early.code, 1)
  assert.match(early.stderr, /could not be handled this time either: error: out of order/)

  await mend()
  const [first, second] = await Promise.all([
    ops('dead-letters', 'replay', ORQUESTRADOR, String(letter.id)),
    api.call(ORQUESTRADOR, 'POST', `/dead-letters/${letter.id}/replay`),
  ])
  assert.equal(first.code, 0, first.stderr)
  assert.equal(second.status, 200)
  assert.deepEqual([/^Handled now/.test(first.stdout), second.body.outcome === 'handled'].sort(), [false, true])
  assert.equal((await settled(api, transaction)).status, 'COMPLETED')
  assert.equal((await vehicleOf(api, vehicle)).status, 'sold')
  assert.match((await ops('dead-letters')).stdout, /^No dead letters/)
  assert.match((await ops('dead-letters', '--status', 'replayed')).stdout, new RegExp(transaction))
})

test('a message that is no longer wanted is given up by name and reason', async () => {
  const message_id = randomBytes(8).toString('hex')
  await api.system.bus.publish({
    message_id,
    type: 'commands.credit.release',
    schema_version: 1,
    transaction_id: '01990000-0000-7000-8000-000000000001',
    occurred_at: '2026-03-02T12:00:00.000Z',
    body: { from: 'another system' },
  })
  const list = await ops('dead-letters', '--service', CLIENTE)
  const [, id = ''] = new RegExp(`${CLIENTE} +(\\d+) `).exec(list.stdout) ?? []
  assert.match(list.stdout, /does not fit its contract/)
  const without = await ops('dead-letters', 'discard', CLIENTE, id)
  assert.deepEqual([without.code, /--reason/.test(without.stderr)], [1, true])
  const discarded = await ops('dead-letters', 'discard', CLIENTE, id, '--reason', 'sent by mistake')
  assert.match(discarded.stdout, /settled .* by admin: sent by mistake/)
  assert.match((await ops('dead-letters', '--service', CLIENTE, '--status', 'discarded')).stdout, /sent by mistake/)
  assert.match((await ops('dead-letters', '--service', CLIENTE)).stdout, /^No dead letters/)
})

test('a purchase that is stuck past its point of no return is seen as overdue, then calls an operator, who resumes it', async () => {
  const vehicle = await vehicleAt(api, 30_000)
  const mend = await breakTable(api.databaseOf('veiculo_service'), 'vehicles', `new.status = 'sold'`)
  const transaction = await buy(api, await customerWith(api, { initial_balance: 50_000 }), vehicle)

  const overdue = await until('it is overdue', async () => {
    const { stdout } = await ops('sagas', '--overdue')
    return stdout.includes(transaction) && stdout
  })
  assert.match(overdue, /MARK_VEHICLE_AS_SOLD/)
  const { body } = await api.call(ORQUESTRADOR, 'GET', '/saga-states/overdue')
  if (body.overdue[0]) assert.equal(body.overdue[0].saga.transaction_id, transaction)
  assert.equal((await settled(api, transaction)).status, 'FAILED_REQUIRES_MANUAL_INTERVENTION')
  const listed = await ops('sagas')
  assert.match(listed.stdout, new RegExp(`${transaction} +MARK_VEHICLE_AS_SOLD .* 30000\\.00 +cash`))
  assert.match(
    (await ops('saga', transaction)).stdout,
    /MARK_VEHICLE_AS_SOLD +6 +FAILED_REQUIRES_MANUAL_INTERVENTION +gave_up +no_answer/,
  )
  await figure(ORQUESTRADOR, 'mercado_manual_interventions', (sagas) => sagas === 1)
  await figure(VEICULO, 'mercado_reservations', (live) => live === 1)
  const [age] = await figure(VEICULO, 'mercado_reservation_oldest_age_seconds', (seconds) => seconds > 1)
  assert.ok(age)

  await mend()
  assert.match((await ops('saga', 'retry', transaction)).stdout, /^Resumed at MARK_VEHICLE_AS_SOLD/)
  assert.equal((await settled(api, transaction)).status, 'COMPLETED')
  const again = await ops('saga', 'retry', transaction)
  assert.equal(again.code, 1)
  assert.match(again.stderr, /requires manual intervention/)
  assert.match((await ops('sagas')).stdout, /^No purchase is FAILED_REQUIRES_MANUAL_INTERVENTION/)
})

test('monitoring sees waiting purchases by status, and by their time at the present step', async () => {
  const transaction = await buy(api, await customerWith(api), await vehicleAt(api, 45_000), 'pix')
  await until('it waits to be paid', async () => (await sagaOf(api, transaction)).current_step === 'PAYMENT_PROCESSING')
  const lines = await figure(ORQUESTRADOR, 'mercado_saga_oldest_unfinished_step_age_seconds', (sum) => sum > 1)
  assert.deepEqual(
    lines.filter((line) => Number(line.split(' ').at(-1)) > 0).map((line) => /step="(\w+)"/.exec(line)?.[1]),
    ['PAYMENT_PROCESSING'],
  )
  const [, waiting] = await figure(ORQUESTRADOR, 'mercado_sagas_unfinished', (sum) => sum === 1)
  assert.match(waiting ?? '', /status="IN_PROGRESS".* 1$/)
})

test('every service reports its requests, messages, outbox and connections to monitoring, and no person', async () => {
  const name = 'Ana Souza'
  for (const service of [CLIENTE, VEICULO, PAGAMENTO, ORQUESTRADOR]) {
    const text = await (await fetch(`${api.system.addressOf(service)}/metrics`)).text()
    for (const metric of [
      'mercado_http_request_seconds_count',
      'mercado_messages_total',
      'mercado_message_batch_size_count',
      'mercado_outbox_rows',
      'mercado_outbox_oldest_age_seconds',
      'mercado_dead_letters',
      'mercado_database_connections',
      'mercado_event_loop_delay_seconds',
    ])
      assert.match(text, new RegExp(`^${metric}\\{.*service="${service}"`, 'm'), `${service} ${metric}`)
    assert.match(text, /mercado_messages_total\{.*outcome="handled".*\} [1-9]/)
    assert.ok(!text.includes(name) && !text.includes('@'), service)
    assert.ok(text.split('\n').length < 1_500, `${service} tells ${text.split('\n').length} lines`)
  }
})

test('every metric of Terraform’s alerts and charts comes from some service', async () => {
  const told = new Set<string>()
  for (const service of [CLIENTE, VEICULO, PAGAMENTO, ORQUESTRADOR]) {
    const text = await (await fetch(`${api.system.addressOf(service)}/metrics`)).text()
    for (const [, name] of text.matchAll(/^# TYPE (\w+)/gm)) told.add(name ?? '')
  }
  const folder = new URL('../../infrastructure/terraform/modules/monitoring/', import.meta.url)
  const asked = ['main.tf', 'dashboard.tf'].flatMap((file) =>
    [...readFileSync(new URL(file, folder), 'utf8').matchAll(/\bmercado_\w+/g)].map(([name]) => name),
  )
  assert.ok(asked.length > 8)
  assert.deepEqual(
    asked.filter((name) => !told.has(name)),
    [],
  )
})

test('a wrong command line gets the usage, and a bad token is reported as such', async () => {
  for (const words of [
    [],
    ['nonsense'],
    ['dead-letters', 'replay', CLIENTE],
    ['dead-letters', '--service', 'nobody'],
    ['--what'],
  ]) {
    const { code, stderr } = await ops(...words)
    assert.equal(code, 2, words.join(' '))
    assert.match(stderr, /usage: npm run -s ops/)
  }
  assert.match((await ops('--help')).stdout, /^usage/)
  assert.match((await ops('sagas', '--token', 'nonsense')).stderr, /bearer token/)
  const token = await (await openKeyring(api.dataDir)).sign({ role: 'admin' })
  assert.equal((await ops('sagas', '--token', token)).code, 0)
})

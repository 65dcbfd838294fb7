/** The rights of LGPD, art. 18, as a person uses them over HTTP. docs/personal-data.md names the test of each. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateCpf, generateLicensePlate } from '@brazilian-utils/brazilian-utils'
import {
  buy,
  CLIENTE,
  ORQUESTRADOR,
  PAGAMENTO,
  sagaOf,
  settled,
  startSystem,
  until,
  VEICULO,
  vehicleAt,
} from '../system.ts'

const api = await startSystem({ WEBHOOK_ALLOW_LOOPBACK: 'true' })

let born = 0
async function person(money: object = { initial_balance: 100_000, credit_limit: 50_000 }) {
  born += 1
  const given = {
    name: 'Beatriz Quintanilha',
    email: `bea-${born}@example.com`,
    phone: '+5521987651234',
    document: generateCpf(),
    birth_date: '1987-03-14',
    driver_license: '62472927637',
    address: {
      postal_code: '22041001',
      street: 'Rua Barata Ribeiro',
      number: '502',
      district: 'Copacabana',
      city: 'Rio de Janeiro',
      state: 'RJ',
    },
    refund_pix_key: `bea-pix-${born}@example.com`,
    consents: { marketing: true },
  }
  const { status, body } = await api.call(CLIENTE, 'POST', '/customers', { ...given, ...money })
  assert.equal(status, 201, JSON.stringify(body))
  const id: number = body.id
  const headers = await api.as({ role: 'customer', customer_id: id })
  return { id, given, headers, url: `/customers/${id}` }
}
type Person = Awaited<ReturnType<typeof person>>

/** Bought and handed over. */
async function bought({ id, headers }: Person, payment_type = 'cash') {
  const license_plate = generateLicensePlate('LLLNLNN')
  const vehicle_id = await vehicleAt(api, 40_000, { license_plate })
  const transaction_id = await buy(api, id, vehicle_id, payment_type)
  if (payment_type === 'pix') {
    const { context } = await until('the code is shown', async () => {
      const saga = await sagaOf(api, transaction_id)
      return saga.current_step === 'PAYMENT_PROCESSING' && saga
    })
    const paid = await api.call(PAGAMENTO, 'POST', '/payments', { payment_code: context.payment_code })
    assert.equal(paid.status, 201, JSON.stringify(paid.body))
  }
  assert.equal((await settled(api, transaction_id)).status, 'COMPLETED')
  const saga = await api.call(ORQUESTRADOR, 'GET', `/saga-states/${transaction_id}`, undefined, headers)
  const pickup = { pickup_code: saga.body.context.pickup_code, received_by: 'Beatriz Quintanilha, RG 12.345.678' }
  const handed = await api.call(VEICULO, 'POST', `/vehicles/${vehicle_id}/pickup`, pickup)
  assert.equal(handed.status, 200, JSON.stringify(handed.body))
  await until('the sale is known to cliente-service', async () => {
    const { body } = await api.call(CLIENTE, 'GET', `/customers/${id}/vehicles?status_filter=sold`)
    return body.vehicles.some((one: { vehicle_id: number }) => one.vehicle_id === vehicle_id)
  })
  return { vehicle_id, transaction_id, license_plate, received_by: pickup.received_by }
}

test('access: a copy of everything, out of every service, unmasked, as a file, and on record', async () => {
  const bea = await person()
  const car = await bought(bea)
  const response = await fetch(`${api.system.addressOf(CLIENTE)}${bea.url}/personal-data?format=json`, {
    headers: bea.headers,
  })
  assert.equal(response.status, 200)
  assert.equal(response.headers.get('content-disposition'), `attachment; filename="personal-data-${bea.id}.json"`)
  assert.equal(response.headers.get('cache-control'), 'no-store')
  const copy = (await response.json()) as Record<string, Record<string, unknown>[]> & { customer: object }
  for (const [name, value] of Object.entries(bea.given))
    assert.deepEqual((copy.customer as Record<string, unknown>)[name], value, name)
  const of = (section: string) => copy[section] ?? []
  assert.deepEqual(
    of('statement').map(({ kind, amount }) => [kind, amount]),
    [
      ['opening', 100_000],
      ['opening', 50_000],
      ['hold', -40_000],
    ],
  )
  for (const section of ['credit_holds', 'reservations', 'payment_codes', 'payments', 'purchases', 'catalogue']) {
    assert.equal(of(section).length, 1, section)
    assert.equal(of(section)[0]?.transaction_id, car.transaction_id, section)
  }
  assert.ok(JSON.stringify(of('purchases')).split('"attempt"').length > 5)
  const [vehicle] = of('vehicles_bought')
  assert.deepEqual(
    [vehicle?.id, vehicle?.license_plate, vehicle?.received_by],
    [car.vehicle_id, car.license_plate, car.received_by],
  )
  assert.deepEqual(
    of('accesses').map(({ subject, role, fields }) => [subject, role, fields]),
    [[`customer-${bea.id}`, 'customer', ['everything']]],
  )
})

test('access: an admin may make the copy for them, on record with the reason; staff, services and others may not', async () => {
  const bea = await person()
  const path = `${bea.url}/personal-data?format=json`
  const admin = await api.as({ role: 'admin', subject: 'dpo' })
  const asked = await api.call(CLIENTE, 'GET', `${path}&reason=Asked%20by%20letter`, undefined, admin)
  assert.equal(asked.status, 200)
  assert.deepEqual(
    asked.body.accesses.map(({ subject, reason }: Record<string, string>) => [subject, reason]),
    [['dpo', 'Asked by letter']],
  )
  const stranger = await api.as({ role: 'customer', customer_id: bea.id + 1_000 })
  for (const [caller, expected] of [
    [await api.as({ role: 'staff' }), 403],
    [await api.as({ role: 'service' }), 403],
    [stranger, 404],
    [{ authorization: '' }, 401],
  ] as const)
    assert.equal((await api.call(CLIENTE, 'GET', path, undefined, caller)).status, expected)
  assert.equal((await api.call(CLIENTE, 'GET', '/customers/424242/personal-data')).status, 404)
  for (const service of [VEICULO, PAGAMENTO, ORQUESTRADOR])
    assert.equal((await api.call(service, 'GET', `/personal-data?customer_id=${bea.id}`)).status, 403, service)
})

test('sharing: the provider that a payment was made through, the systems that were told, and who works here and looked', async () => {
  const hook = { url: 'http://127.0.0.1:9/told', events: ['events.purchase.completed'] }
  const subscribed = await api.call(ORQUESTRADOR, 'POST', '/webhook-subscriptions', hook)
  assert.equal(subscribed.status, 201, JSON.stringify(subscribed.body))
  const bea = await person()
  const { transaction_id } = await bought(bea, 'pix')
  const staff = await api.as({ role: 'staff', subject: 'maria' })
  const reason = 'Called about a refund'
  await api.call(
    CLIENTE,
    'GET',
    `${bea.url}/unmasked?fields=phone&reason=${encodeURIComponent(reason)}`,
    undefined,
    staff,
  )
  const shared = await until('the webhook was tried', async () => {
    const { body } = await api.call(CLIENTE, 'GET', `${bea.url}/sharing`, undefined, bea.headers)
    return body.shared_with.length === 3 && body.shared_with
  })
  assert.deepEqual(
    shared.map(({ at: _when, ...one }: { at: string }) => one),
    [
      { recipient: 'simulated', purpose: 'To be paid by Pix', fields: ['amount', 'txid'], transaction_id },
      { recipient: 'staff maria', purpose: reason, fields: ['phone'] },
      {
        recipient: '127.0.0.1:9',
        purpose: 'Webhook events.purchase.completed',
        fields: ['customer_id', 'vehicle_id', 'amount', 'payment_type'],
        transaction_id,
      },
    ].sort((one, other) => order(shared, one.recipient) - order(shared, other.recipient)),
  )
})

/** They are in the order of their times, which the test does not choose. */
const order = (list: { recipient: string }[], name: string) => list.findIndex(({ recipient }) => recipient === name)

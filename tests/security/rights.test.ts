/** The rights of LGPD, art. 18, as a person uses them over HTTP. docs/personal-data.md names the test of each. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateCpf, generateLicensePlate } from '@brazilian-utils/brazilian-utils'
import { openDatabase } from '#platform/database/database'
import { databasePrefix, testServer } from '../fixtures/database.ts'
import { returned } from '../fixtures/returns.ts'
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
} from '../fixtures/system.ts'

const DATABASE_PREFIX = databasePrefix()
const api = await startSystem({ DATABASE_PREFIX, WEBHOOK_ALLOW_LOOPBACK: 'true', CONSENT_TEXTS_BEFORE: '0,2026-03' })

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
    [await api.as({ role: 'service', subject: 'orquestrador' }), 403],
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

const erasureOf = async ({ url }: Person) => (await api.call(CLIENTE, 'GET', `${url}/erasure`)).body
const deletion = ({ url, headers }: Person) => api.call(CLIENTE, 'DELETE', url, undefined, headers)

/** The erasure once every service has answered. */
const erased = ({ url, headers }: Person) =>
  until('every service has erased what it holds', async () => {
    const { body } = await api.call(CLIENTE, 'GET', `${url}/erasure`, undefined, headers)
    return body.status !== 'IN_PROGRESS' && body
  })

/** Those of the person's given values that this text still contains. */
const leftIn = (text: string, { given }: Person) =>
  [
    'Beatriz',
    'Quintanilha',
    given.email,
    given.phone,
    given.document,
    given.driver_license,
    given.refund_pix_key,
    '1987',
    'Barata',
  ].filter((value) => text.includes(value))

test('erasure: without a purchase nothing is kept; the person may come back as a new customer', async () => {
  const bea = await person({})
  assert.equal((await api.call(CLIENTE, 'GET', `${bea.url}/erasure`, undefined, bea.headers)).status, 404)
  const asked = await deletion(bea)
  assert.equal(asked.status, 202, JSON.stringify(asked.body))
  assert.deepEqual([asked.body.customer_id, asked.body.retained, asked.body.requested_by], [bea.id, [], 'customer'])

  const { body: shown } = await api.call(CLIENTE, 'GET', bea.url, undefined, bea.headers)
  assert.equal(shown.status, 'erased')
  assert.deepEqual(leftIn(JSON.stringify(shown), bea), [])
  const done = await erased(bea)
  assert.equal(done.status, 'COMPLETED')
  assert.deepEqual(
    done.person_erased.map(({ service }: { service: string }) => service).sort(),
    [CLIENTE, ORQUESTRADOR, PAGAMENTO, VEICULO, 'identidade-service'].sort(),
  )
  const again = await deletion(bea)
  assert.equal(again.status, 202)
  assert.deepEqual(again.body, done)

  const { status } = await api.call(CLIENTE, 'POST', '/customers', bea.given)
  assert.equal(status, 201, 'their document and e-mail are free')
})

test('erasure: an erased person can no longer buy, change data or be read unmasked', async () => {
  const bea = await person({})
  const vehicle_id = await vehicleAt(api, 40_000)
  await deletion(bea)
  const purchase = { customer_id: bea.id, vehicle_id, payment_type: 'cash' }
  for (const [method, service, path, body, expected] of [
    ['POST', ORQUESTRADOR, '/purchase', purchase, 404],
    ['PUT', CLIENTE, bea.url, { name: 'Beatriz Quintanilha' }, 409],
    ['POST', CLIENTE, `${bea.url}/block`, { reason: 'too late' }, 409],
    ['GET', CLIENTE, `${bea.url}/unmasked?fields=name&reason=just%20looking`, undefined, 409],
    ['DELETE', CLIENTE, '/customers/424242', undefined, 404],
  ] as const)
    assert.equal((await api.call(service, method, path, body)).status, expected, `${method} ${path}`)
  const stranger = await api.as({ role: 'customer', customer_id: bea.id + 1_000 })
  for (const [method, path] of [
    ['DELETE', bea.url],
    ['GET', `${bea.url}/erasure`],
  ] as const)
    assert.equal((await api.call(CLIENTE, method, path, undefined, stranger)).status, 404)
})

test('erasure: what the law keeps of a purchase stays without the person, each with its reason and its date', async () => {
  const bea = await person({ initial_balance: 40_000 })
  const car = await bought(bea)
  const before = (await api.call(CLIENTE, 'GET', `${bea.url}/statement`)).body.entries
  assert.equal((await deletion(bea)).status, 202)
  const { status, retained } = await erased(bea)
  assert.equal(status, 'RETAINED')
  const days = (until: string) => Math.round((Date.parse(until) - Date.now()) / 86_400_000)
  assert.deepEqual(
    retained.map(({ records, until }: Record<string, string>) => [records, days(until ?? '')]),
    [
      ['purchases', 4_018],
      ['purchases_of_10000_and_more', 1_827],
    ],
  )
  for (const { reason } of retained) assert.match(reason, /(CTN|COAF)/)

  assert.deepEqual((await api.call(CLIENTE, 'GET', `${bea.url}/statement`)).body.entries, before)
  const vehicle = await api.call(VEICULO, 'GET', `/vehicles/${car.vehicle_id}`)
  assert.deepEqual([vehicle.body.status, 'received_by' in vehicle.body], ['picked_up', false])
  const { body: copy } = await api.call(CLIENTE, 'GET', `${bea.url}/personal-data?format=json`)
  assert.equal(copy.payments.length, 1)
  assert.deepEqual(leftIn(JSON.stringify(copy), bea), [])
})

test('erasure: refused while a purchase is under way; the words typed at its cancellation are deleted too', async () => {
  const bea = await person({})
  const transaction = await buy(api, bea.id, await vehicleAt(api, 40_000), 'pix')
  const refused = await deletion(bea)
  assert.deepEqual([refused.status, refused.body.detail], [409, 'Customer has a purchase in progress'])
  assert.equal((await api.call(CLIENTE, 'GET', bea.url)).body.email, bea.given.email)

  const reason = 'Beatriz Quintanilha has changed her mind: bea@example.com, 529.982.247-25'
  const cancelled = await api.call(ORQUESTRADOR, 'POST', `/purchase/${transaction}/cancel`, { reason }, bea.headers)
  assert.equal(cancelled.status, 200, JSON.stringify(cancelled.body))
  assert.equal((await settled(api, transaction)).status, 'CANCELLED')
  const { context } = await sagaOf(api, transaction)
  assert.equal(context.cancellation_reason, 'Beatriz Quintanilha has changed her mind: […], […]')

  assert.equal((await deletion(bea)).status, 202)
  await erased(bea)
  const history = await api.call(ORQUESTRADOR, 'GET', `/saga-states/${transaction}/history`)
  const saga = await sagaOf(api, transaction)
  assert.equal(saga.context.cancellation_reason, 'erased')
  assert.deepEqual(leftIn(JSON.stringify([saga, history.body]), bea), [])
})

test('access and erasure: the copy has the words typed at a return and the money owed; the words are erased with the person', async () => {
  const bea = await person({})
  const transaction = await buy(api, bea.id, await vehicleAt(api, 1_000.19), 'pix')
  const { context } = await until('the code is shown', async () => {
    const saga = await sagaOf(api, transaction)
    return saga.current_step === 'PAYMENT_PROCESSING' && saga
  })
  await api.call(PAGAMENTO, 'POST', '/payments', { payment_code: context.payment_code })
  assert.equal((await settled(api, transaction)).status, 'COMPLETED')
  const reason = 'Beatriz Quintanilha does not want it'
  const asked = await api.call(ORQUESTRADOR, 'POST', `/purchase/${transaction}/return`, { reason })
  assert.equal(asked.status, 202, JSON.stringify(asked.body))
  const { return_id } = asked.body
  await until('it waits', async () => (await sagaOf(api, return_id)).current_step === 'RETURN_RECEIPT')
  const seen = { mileage_km: 1, notes: 'Quintanilha left an umbrella' }
  assert.equal((await api.call(ORQUESTRADOR, 'POST', `/returns/${return_id}/received`, seen)).status, 200)
  await returned(api, return_id)

  const copy = async () => (await api.call(CLIENTE, 'GET', `${bea.url}/personal-data?format=json`)).body
  const before = await copy()
  assert.deepEqual(
    before.returns.map((one: Record<string, unknown>) => [one.return_id, one.reason, one.notes]),
    [[return_id, reason, seen.notes]],
  )
  assert.deepEqual(
    before.owed_items.map((one: Record<string, unknown>) => [one.transaction_id, one.amount, one.status]),
    [[transaction, 1_000.19, 'open']],
  )
  assert.equal((await deletion(bea)).status, 202)
  const { settle_first } = await erasureOf(bea)
  assert.deepEqual(
    settle_first.map((one: { what: string }) => one.what),
    ['money_owed_back'],
  )
  const { body: owed } = await api.call(PAGAMENTO, 'GET', `/owed-items?transaction_id=${transaction}`)
  const paidOut = { method: 'transfer', reference: 'TED 4711' }
  const settling = await api.call(PAGAMENTO, 'POST', `/owed-items/${owed.owed_items[0].id}/settle`, paidOut)
  assert.equal(settling.status, 200, JSON.stringify(settling.body))
  await until('the erasure went on by itself', async () => (await erasureOf(bea)).status === 'COMPLETED')
  const after = await copy()
  assert.deepEqual([after.returns[0].reason, after.returns[0].notes], ['erased', 'erased'])
  assert.deepEqual(leftIn(JSON.stringify(after), bea), [])
})

test('erasure and purchase at the same moment: one of them is refused, or waits for the other', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      const bea = await person()
      const vehicle_id = await vehicleAt(api, 40_000)
      const purchase = { customer_id: bea.id, vehicle_id, payment_type: 'cash' }
      // the erasure now before, now behind the start, and within the steps that follow it
      const first = api.call(ORQUESTRADOR, 'POST', '/purchase', purchase)
      if (index % 2) await first
      const [started, asked] = await Promise.all([first, deletion(bea)])
      const saga = started.status === 202 ? await settled(api, started.body.transaction_id) : undefined
      const { body } = await api.call(CLIENTE, 'GET', bea.url)
      // accepted, it waits: for the balance to be paid out, or for the vehicle of a purchase that was over before
      const isAccepted = asked.status === 202
      assert.equal(body.status, isAccepted ? 'blocked' : 'active')
      if (!isAccepted) assert.deepEqual([asked.status, saga?.status], [409, 'COMPLETED'])
      else {
        const { settle_first } = await erasureOf(bea)
        const what = settle_first.map((one: { what: string }) => one.what)
        assert.deepEqual(what, [saga?.status === 'COMPLETED' ? 'vehicle_not_picked_up' : 'balance'])
      }
      return isAccepted
    }),
  )
  assert.equal(outcomes.length, 20)
})

test('erasure: a buyer whose vehicle still waits stays known until the pickup, and then nothing names who took it', async () => {
  const bea = await person({ initial_balance: 40_000 })
  const vehicle_id = await vehicleAt(api, 40_000)
  const transaction = await buy(api, bea.id, vehicle_id)
  assert.equal((await settled(api, transaction)).status, 'COMPLETED')
  const { body } = await api.call(ORQUESTRADOR, 'GET', `/saga-states/${transaction}`, undefined, bea.headers)
  await until('the sale is known to cliente-service', async () => (await deletion(bea)).status === 202)
  assert.equal((await erasureOf(bea)).settle_first[0].what, 'vehicle_not_picked_up')
  const pickup = { pickup_code: body.context.pickup_code, received_by: 'Beatriz Quintanilha' }
  const handed = await api.call(VEICULO, 'POST', `/vehicles/${vehicle_id}/pickup`, pickup)
  assert.deepEqual([handed.status, handed.body.status], [200, 'picked_up'])
  await until('the erasure went on', async () => (await deletion(bea)).body.settle_first.length === 0)
  await erased(bea)
  assert.equal('received_by' in (await api.call(VEICULO, 'GET', `/vehicles/${vehicle_id}`)).body, false)
})

test('confirmation: says which kinds of data are held, on which ground and how long, and shows none of it', async () => {
  const bea = await person({})
  const summary = () => api.call(CLIENTE, 'GET', `${bea.url}/personal-data/summary`, undefined, bea.headers)
  const { status, body } = await summary()
  assert.deepEqual([status, body.held], [200, true])
  assert.ok(body.categories.length >= 6)
  for (const one of body.categories) {
    assert.match(one.legal_basis, /art\. \d/)
    assert.match(one.kept, /\w/)
  }
  assert.deepEqual(leftIn(JSON.stringify(body), bea), [])
  await deletion(bea)
  const { body: after } = await summary()
  assert.deepEqual([after.held, after.categories], [false, []])
})

test('correction: every field can be corrected, and the record names the corrected fields without their values', async () => {
  const bea = await person()
  const { document, ...given } = bea.given
  const other = {
    name: 'Beatriz Quintanilha Prado',
    email: `prado-${bea.id}@example.com`,
    phone: '+5521987650000',
    birth_date: '1987-04-13',
    driver_license: null,
    address: { ...given.address, number: '504' },
    refund_pix_key: `prado-pix-${bea.id}@example.com`,
  }
  assert.equal((await api.call(CLIENTE, 'PUT', bea.url, other, bea.headers)).status, 200)
  assert.equal((await api.call(CLIENTE, 'PUT', bea.url, { name: other.name }, bea.headers)).status, 200)
  const staff = await api.as({ role: 'staff', subject: 'maria' })
  const paper = { document: generateCpf(), reason: 'CNH shown, it says 529.982.247-25' }
  const corrected = await api.call(CLIENTE, 'PUT', `${bea.url}/document`, paper, staff)
  assert.equal(corrected.status, 200, JSON.stringify(corrected.body))
  assert.equal(corrected.body.document, `*******${paper.document.slice(-4)}`)

  const { body: copy } = await api.call(CLIENTE, 'GET', `${bea.url}/personal-data`, undefined, bea.headers)
  assert.deepEqual([copy.customer.document, copy.customer.name], [paper.document, other.name])
  assert.deepEqual(
    copy.corrections.map(({ at: _when, ...one }: { at: string }) => one),
    [
      { fields: ['name', 'email', 'phone', ...Object.keys(other).slice(3)], reason: null, recorded_by: 'customer' },
      { fields: ['document'], reason: 'CNH shown, it says […]', recorded_by: 'staff maria' },
    ],
  )
  // the old document is free, the new one is taken, and a person corrects no document by themselves
  const twin = await person({})
  const taken = await api.call(CLIENTE, 'PUT', `${twin.url}/document`, { ...paper, reason: 'CNH shown' }, staff)
  assert.deepEqual([taken.status, taken.body.detail], [409, 'Customer with this document or email already exists'])
  const own = { document, reason: 'it is mine' }
  assert.equal((await api.call(CLIENTE, 'PUT', `${bea.url}/document`, own, bea.headers)).status, 403)
  assert.equal((await api.call(CLIENTE, 'PUT', `${twin.url}/document`, own, staff)).status, 200)
})

test('consents: given and withdrawn, each with its time, who recorded it and the version of the text', async () => {
  const bea = await person({})
  const path = `${bea.url}/consents`
  const put = (body: object, headers = bea.headers) => api.call(CLIENTE, 'PUT', path, body, headers)
  const facts = (list: { purpose: string; given: boolean; text_version: string; recorded_by: string }[]) =>
    list.map(({ purpose, given, text_version, recorded_by }) => [purpose, given, text_version, recorded_by])
  const { body: first } = await api.call(CLIENTE, 'GET', path, undefined, bea.headers)
  assert.deepEqual(facts(first.consents), [['marketing', true, '1', 'admin admin']])

  await put({ consents: { marketing: false, partners: true }, text_version: '2026-03' })
  assert.deepEqual((await api.call(CLIENTE, 'GET', bea.url)).body.consents, { marketing: false, partners: true })
  // by the customer's own form too: a consent that is left out of it is withdrawn
  await api.call(CLIENTE, 'PUT', bea.url, { consents: { marketing: true } }, bea.headers)
  const { body } = await api.call(CLIENTE, 'GET', path, undefined, bea.headers)
  assert.deepEqual(facts(body.history).slice(1), [
    ['marketing', false, '2026-03', 'customer'],
    ['partners', true, '2026-03', 'customer'],
    ['marketing', true, '1', 'customer'],
    ['partners', false, '1', 'customer'],
  ])
  assert.deepEqual(
    Object.fromEntries(body.consents.map((one: { purpose: string; given: boolean }) => [one.purpose, one.given])),
    { marketing: true, partners: false },
  )
  for (const { at } of body.history) assert.ok(Math.abs(Date.parse(at) - Date.now()) < 60_000)
  assert.equal((await put({ consents: { marketing: 'yes' } })).status, 422)
  const unseen = await put({ consents: { marketing: false }, text_version: '2099-01' })
  assert.deepEqual([unseen.status, unseen.body.errors[0].path], [422, '/text_version'])
  assert.equal((await api.call(CLIENTE, 'GET', path)).body.history.length, 5, 'nothing was recorded')
  const stranger = await api.as({ role: 'customer', customer_id: bea.id + 1_000 })
  assert.equal((await put({ consents: { marketing: true } }, stranger)).status, 404)
  await deletion(bea)
  assert.equal((await put({ consents: { marketing: true } })).status, 409)
  assert.deepEqual((await api.call(CLIENTE, 'GET', path)).body.history, [])
})

test('a changed name is kept if its owner had bought something, and only then', async () => {
  const copyOf = async ({ url, headers }: Person) =>
    (await api.call(CLIENTE, 'GET', `${url}/personal-data`, undefined, headers)).body
  const [buyer, other] = [await person(), await person({})]
  await bought(buyer)
  for (const { url, headers } of [buyer, other])
    assert.equal((await api.call(CLIENTE, 'PUT', url, { name: 'Beatriz Prado' }, headers)).status, 200)
  const [kept, ...more] = (await copyOf(buyer)).former_names
  assert.deepEqual([kept.name, more], ['Beatriz Quintanilha', []])
  assert.deepEqual((await copyOf(other)).former_names, [])
  assert.equal((await deletion(buyer)).status, 202)
  const archived = await until('the person is in the archive', async () => {
    const { status, body } = await api.call(CLIENTE, 'GET', `${buyer.url}/archive?reason=Order+of+a+court`)
    return status === 200 && body
  })
  assert.deepEqual(
    [archived.name, archived.former_names.map(({ name }: { name: string }) => name)],
    ['Beatriz Prado', ['Beatriz Quintanilha']],
  )
})

test('a Pix key that is the document shows no more of it than the document does', async () => {
  const bea = await person({})
  const formatted = bea.given.document.replace(/(...)(...)(...)(..)/, '$1.$2.$3-$4')
  const { body } = await api.call(CLIENTE, 'PUT', bea.url, { refund_pix_key: formatted })
  assert.equal(body.refund_pix_key, body.document)
  assert.match(body.refund_pix_key, /^\*{7}\d{4}$/)
})

test('erasure: it is not done while a service cannot erase, and is once it is asked for again', async () => {
  const bea = await person({})
  const url = new URL(testServer())
  url.pathname = `/${DATABASE_PREFIX}veiculo_service`
  await using vehicles = openDatabase({ url: url.href, poolSize: 2, onIdleError: () => {} })
  await vehicles.query('alter table erased_customers rename to out_of_order')
  assert.equal((await deletion(bea)).status, 202)
  const half = await until('the others have answered', async () => {
    const { body } = await api.call(CLIENTE, 'GET', `${bea.url}/erasure`, undefined, bea.headers)
    return body.person_erased.length === 4 && body
  })
  assert.deepEqual(
    [half.status, half.person_erased.some(({ service }: { service: string }) => service === VEICULO)],
    ['IN_PROGRESS', false],
  )
  await vehicles.query('alter table out_of_order rename to erased_customers')
  assert.equal((await deletion(bea)).status, 202)
  assert.equal((await erased(bea)).status, 'COMPLETED')
})

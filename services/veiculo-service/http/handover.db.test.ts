/** Vehicles are handed over to people who show the buyer's document, and what is recorded about it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { forgetReceivers } from '../rights/retention-store.ts'
import { buyers, call, clock, database, keyring, money, offered, reservedBySomebody, sell, sent } from './http.suite.ts'

const DAY = 86_400_000
const staff = await keyring.sign({ role: 'staff', subject: 'rui' })

async function bought() {
  const vehicle = await offered()
  const transaction_id = await reservedBySomebody(vehicle)
  const { body } = await sell(vehicle.id, { transaction_id })
  return { id: vehicle.id as number, transaction_id, code: body.pickup_code as string }
}

const ana = { name: 'Ana Souza', as: 'buyer' }
const hand = (id: number, body: object) => call('POST', `/vehicles/${id}/pickup`, body, staff)
const byDocument = (id: number, buyer_document = '529.982.247-25', more: object = {}) =>
  hand(id, { buyer_document, received_by: ana, ...more })

const handoverOf = async (id: number) =>
  (
    await database.query(
      'select transaction_id, shown, received_as, handed_over_by, mileage_km, keys, has_manual, proof from vehicle_handovers where vehicle_id = $1',
      [id],
    )
  )[0]

test('the buyer’s document works like the code, and the record says who gave what to whom', async () => {
  const { id, transaction_id } = await bought()
  const given = await byDocument(id, undefined, { mileage_km: 31_240, keys: 2, manual: true })
  assert.deepEqual([given.status, given.body.status, given.body.received_by], [200, 'picked_up', 'Ana Souza'])
  assert.ok(!JSON.stringify(given.body).includes('52998224725'))
  assert.deepEqual(await handoverOf(id), {
    transaction_id,
    ...{ shown: 'document', received_as: 'buyer', handed_over_by: 'staff rui', proof: null },
    ...{ mileage_km: 31_240, keys: 2, has_manual: true },
  })
  const { body } = await call('GET', `/vehicles/${id}/history`)
  const told = body.history.find(({ act }: { act: string }) => act === 'vehicle_handed_over')
  assert.deepEqual([told.after.shown, told.after.received_as], ['document', 'buyer'])
  assert.match(JSON.stringify(told), /rui/)
  assert.equal(sent.filter((one) => one.transaction_id === transaction_id && one.type.endsWith('picked_up')).length, 1)
  assert.equal((await byDocument(id)).body.detail, 'Vehicle already picked up', 'a second time changes nothing')
})

test('somebody else’s document counts like a wrong code, and after five no further guess is taken', async () => {
  const { id, code } = await bought()
  for (let guess = 0; guess < 5; guess += 1) {
    const refused = await byDocument(id, '111.444.777-35')
    assert.deepEqual([refused.status, refused.body.detail], [400, 'The document is not the buyer’s'])
  }
  assert.equal((await byDocument(id)).status, 429)
  assert.equal((await hand(id, { pickup_code: code, received_by: 'Ana Souza' })).status, 429)
  clock.ahead += 16 * 60_000
  assert.equal((await byDocument(id)).status, 200)
  clock.ahead = 0
})

test('neither or both of code and document, or an impossible one, names the field and opens nothing', async () => {
  const { id, code } = await bought()
  const fieldsOf = async (body: object) => {
    const refused = await hand(id, body)
    assert.equal(refused.status, 422, JSON.stringify(refused.body))
    return refused.body.errors.map(({ path }: { path: string }) => path)
  }
  assert.deepEqual(await fieldsOf({ received_by: ana }), ['/pickup_code'])
  const both = { pickup_code: code, buyer_document: '52998224725', received_by: ana }
  assert.deepEqual(await fieldsOf(both), ['/buyer_document'])
  const proxy = { name: 'Rui Lima', as: 'proxy' }
  assert.deepEqual(await fieldsOf({ pickup_code: code, received_by: proxy }), ['/received_by/proof'])
  assert.deepEqual(await fieldsOf({ buyer_document: '123', received_by: ana }), ['/buyer_document'])
  assert.equal((await call('GET', `/vehicles/${id}`)).body.status, 'sold')
})

test('a company or a minor takes it by a representative, with the code too', async () => {
  const { id, code } = await bought()
  buyers.needs_representative = true
  const alone = await hand(id, { pickup_code: code, received_by: 'Ana Souza' })
  assert.deepEqual([alone.status, alone.body.detail], [409, 'A company or a minor takes a vehicle by a representative'])
  const received_by = { name: 'Rui Lima', as: 'representative', proof: 'Contrato social, cláusula 5' }
  assert.equal((await hand(id, { pickup_code: code, received_by })).status, 200)
  buyers.needs_representative = false
  const kept = (await handoverOf(id)) as { proof: string }
  assert.match(kept.proof, /^v1\./, 'what proves it lies sealed')
})

test('a dead buyer’s vehicle goes to their representative alone, with proof', async () => {
  const { id, code } = await bought()
  buyers.is_deceased = true
  const proof = 'Procuração de 2 de março'
  for (const received_by of ['Ana Souza', { name: 'Rui Lima', as: 'proxy', proof }]) {
    const refused = await hand(id, { pickup_code: code, received_by })
    assert.equal(refused.status, 409, JSON.stringify(refused.body))
  }
  const received_by = { name: 'Rui Lima', as: 'representative', proof: 'Termo de inventariante' }
  assert.equal((await hand(id, { pickup_code: code, received_by })).status, 200)
  buyers.is_deceased = false
})

test('a vehicle is not handed over while money is only promised, unless an admin gives a reason', async () => {
  const { id, code } = await bought()
  const shown = { pickup_code: code, received_by: 'Ana Souza' }
  money.hasAllCome = false
  const refused = await hand(id, shown)
  assert.deepEqual([refused.status, refused.body.detail], [409, 'Not all of the money has come: it is only promised'])
  const release = { ...shown, release_reason: 'O banco confirmou por telefone' }
  assert.equal((await hand(id, release)).status, 403, 'not by staff')
  assert.equal((await call('POST', `/vehicles/${id}/pickup`, release)).status, 200)
  money.hasAllCome = true
  const { body } = await call('GET', `/vehicles/${id}/history`)
  const told = body.history.find(({ act }: { act: string }) => act === 'vehicle_handed_over')
  assert.equal(told.reason, 'O banco confirmou por telefone')
})

test('a sale by hand knows no buyer: its code alone opens', async () => {
  const vehicle = await offered()
  const { body } = await sell(vehicle.id)
  assert.equal((await byDocument(vehicle.id)).body.detail, 'A sale by hand knows no buyer: it is picked up by its code')
  assert.equal((await hand(vehicle.id, { pickup_code: body.pickup_code, received_by: ana })).status, 200)
})

test('of ten who show the document at once, one gets the vehicle', async () => {
  const { id } = await bought()
  const answers = await Promise.all(Array.from({ length: 10 }, () => byDocument(id)))
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, ...Array.from({ length: 9 }, () => 409)])
  const [{ handovers } = {}] = await database.query<{ handovers: number }>(
    'select count(*)::int as handovers from vehicle_handovers where vehicle_id = $1',
    [id],
  )
  assert.equal(handovers, 1)
})

test('vehicles that await pickup are listed with their days, and those taken or never sold are not', async () => {
  const [waiting, taken] = [await bought(), await bought()]
  await offered()
  assert.equal((await byDocument(taken.id)).status, 200)
  clock.ahead = 3 * DAY + 1_000
  const list = async (status_filter: string, token = staff) =>
    (await call('GET', `/vehicles?status_filter=${status_filter}&limit=100`, undefined, token)).body
  const { vehicles } = await list('awaiting_pickup')
  const found = vehicles.find(({ id }: { id: number }) => id === waiting.id)
  assert.deepEqual([found.status, found.days_awaiting_pickup], ['sold', 3])
  assert.ok(vehicles.every(({ status }: { status: string }) => status === 'sold'))
  const gone = await list('picked_up')
  assert.ok(gone.vehicles.some(({ id }: { id: number }) => id === taken.id))
  assert.ok(gone.vehicles.every(({ status }: { status: string }) => status === 'picked_up'))
  assert.equal((await call('GET', '/vehicles?status_filter=awaiting_pickup', undefined, '')).status, 401)
  clock.ahead = 0
})

test('the proof of a representative is forgotten together with the person who took the vehicle', async () => {
  const { id, code } = await bought()
  const received_by = { name: 'Rui Lima', as: 'proxy', proof: 'Procuração de 2 de março' }
  await hand(id, { pickup_code: code, received_by })
  await forgetReceivers(database, new Date(clock.now().getTime() + DAY), 100)
  assert.deepEqual([((await handoverOf(id)) as { proof: null }).proof], [null])
})

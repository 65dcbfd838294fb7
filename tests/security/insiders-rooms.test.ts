/** People with a valid token try to cheat with prices, money at the counter and their own records: each attempt fails, or is on record. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateCpf } from '@brazilian-utils/brazilian-utils'
import { pickUp, receive, returned } from '../fixtures/returns.ts'
import {
  CLIENTE,
  customerWith,
  ORQUESTRADOR,
  PAGAMENTO,
  sagaOf,
  settled,
  startSystem,
  until,
  VEICULO,
  vehicleAt,
  vehicleOf,
} from '../fixtures/system.ts'

const api = await startSystem()
type Body = Record<string, unknown>

async function person(role: 'staff' | 'admin', subject: string, more: object = {}) {
  const headers = await api.as({ role, subject, ...more })
  return (service: string, method: string, path: string, body?: object) =>
    api.call(service, method, path, body, headers)
}
const maria = await person('staff', 'maria')
const nina = await person('staff', 'nina', { scope: 'seller' })
const owner = await person('admin', 'owner')

const TODAY = '2026-03-02'
const bought = (cost: number) => ({ acquired_at: TODAY, acquisition_cost: cost, source: 'purchase' })
/** It costs 65,000 with its tyres, and is on sale for 70,000. */
async function costly() {
  const id = await vehicleAt(api, 70_000, bought(60_000))
  const tyres = { what: 'Pneus', amount: 5_000, spent_on: TODAY }
  assert.equal((await maria(VEICULO, 'POST', `/vehicles/${id}/expenses`, tyres)).status, 201)
  return id
}
const price = (who: typeof maria, id: number, to: number) => who(VEICULO, 'PUT', `/vehicles/${id}`, { price: to })
const approve = (service: string, id: string) => owner(service, 'POST', `/approvals/${id}/approve`, {})
const typeOf = ({ status, body }: { status: number; body: Body }) => [
  status,
  String(body?.type ?? '').replace('urn:mercado-veiculo:problem:', ''),
]
const OWN = [403, 'own_record']

test('nobody sets a price below cost and expenses alone, however small the step', async () => {
  const id = await costly()
  assert.equal((await price(maria, id, 65_000)).status, 200)
  assert.equal((await price(maria, id, 64_999.99)).status, 202)
  assert.equal((await vehicleOf(api, id)).price, 65_000)
})

test('lowering the cost first does not allow a lower price afterwards', async () => {
  const id = await costly()
  assert.equal((await maria(VEICULO, 'PUT', `/vehicles/${id}/acquisition`, bought(10_000))).status, 200)
  const back = { what: 'Pneus, engano', amount: -5_000 }
  assert.equal((await maria(VEICULO, 'POST', `/vehicles/${id}/expenses`, back)).status, 201)
  assert.equal((await price(maria, id, 64_000)).status, 202)
  assert.equal((await owner(VEICULO, 'PUT', `/vehicles/${id}/acquisition`, bought(55_000))).status, 200)
  assert.equal((await price(maria, id, 64_000)).status, 200, 'an admin states the cost')
})

test('an approved price does not count once the cost has changed', async () => {
  const id = await costly()
  const { body } = await price(maria, id, 64_500)
  assert.equal(body.rests_on.cost, 65_000)
  await maria(VEICULO, 'POST', `/vehicles/${id}/expenses`, { what: 'Motor', amount: 9_000 })
  assert.deepEqual(typeOf(await approve(VEICULO, body.approval_id)), [409, 'approval_stale'])
  assert.equal((await vehicleOf(api, id)).price, 70_000)
})

test('a consigned car is not sold for less than the money for its owner plus its expenses', async () => {
  const owner_customer_id = await customerWith(api)
  const consigned = { acquired_at: TODAY, acquisition_cost: 0, source: 'consignment', owner_customer_id }
  const id = await vehicleAt(api, 70_000, { ...consigned, owner_share: 95 })
  assert.equal((await price(maria, id, 68_000)).status, 200)
  await maria(VEICULO, 'POST', `/vehicles/${id}/expenses`, { what: 'Polimento', amount: 3_400 })
  assert.equal((await price(maria, id, 67_000)).status, 202)
})

test('a tenth off the list price and a tenth off by agreement do not add up to a fifth', async () => {
  const id = await vehicleAt(api, 100_000)
  const customer_id = await customerWith(api, { initial_balance: 100_000 })
  assert.equal((await price(nina, id, 90_000)).status, 200)
  const deal = { customer_id, vehicle_id: id, payment_type: 'cash', agreed_price: 81_000, reason: 'Friend of mine' }
  const { body } = await nina(ORQUESTRADOR, 'POST', '/purchase', deal)
  assert.match(body.approval_id, /^[0-9a-f-]{36}$/)
  assert.equal((await nina(ORQUESTRADOR, 'GET', `/saga-states?customer_id=${customer_id}`)).body.total, 0)
  assert.equal((await price(owner, id, 99_000)).status, 200)
  assert.deepEqual(typeOf(await approve(ORQUESTRADOR, body.approval_id)), [409, 'approval_stale'])
})

test('nobody agrees alone on a price below the cost, and a seller learns nothing of the cost by asking', async () => {
  const id = await costly()
  const customer_id = await customerWith(api, { initial_balance: 70_000 })
  const deal = { customer_id, vehicle_id: id, payment_type: 'cash', reason: 'Friend of mine' }
  const { body: asked } = await nina(ORQUESTRADOR, 'POST', '/purchase', { ...deal, agreed_price: 64_999 })
  const { body: dear } = await price(nina, id, 64_999)
  const seen = [
    ...[
      asked,
      dear,
      (await nina(ORQUESTRADOR, 'GET', '/approvals')).body,
      (await nina(VEICULO, 'GET', '/approvals')).body,
    ],
    (await nina(VEICULO, 'GET', `/approvals/${dear.approval_id}`)).body,
    (await nina(ORQUESTRADOR, 'GET', `/approvals/${asked.approval_id}`)).body,
  ]
  for (const body of seen) assert.doesNotMatch(JSON.stringify(body), /cost|65000/)
  assert.equal((await owner(VEICULO, 'GET', `/approvals/${dear.approval_id}`)).body.rests_on.cost, 65_000)
  const { rests_on } = (await owner(ORQUESTRADOR, 'GET', `/approvals/${asked.approval_id}`)).body
  assert.equal(rests_on.list, 70_000)
})

test('a seller who tries price after price is answered alike, whatever of two sums the car has cost', async () => {
  const probed = async (cost: number) => {
    const id = await vehicleAt(api, 70_000, bought(cost))
    const answers: number[] = []
    for (let wanted = 69_500; wanted >= 63_000; wanted -= 500) {
      const { status } = await price(nina, id, wanted)
      answers.push(status)
      if (status === 200) assert.equal((await price(nina, id, 70_000)).status, 200)
    }
    return answers
  }
  const [cheap, dear] = [await probed(63_100), await probed(66_400)]
  assert.deepEqual(cheap, dear)
  assert.deepEqual(new Set(cheap), new Set([200, 202]), 'some prices are theirs to set, others are not')
})

test('a price agreed on rests on the cost as well: once that has moved, nothing is sold for it', async () => {
  const id = await costly()
  const customer_id = await customerWith(api, { initial_balance: 70_000 })
  const deal = { customer_id, vehicle_id: id, payment_type: 'cash', reason: 'Friend of mine', agreed_price: 64_000 }
  const { body } = await nina(ORQUESTRADOR, 'POST', '/purchase', deal)
  await maria(VEICULO, 'POST', `/vehicles/${id}/expenses`, { what: 'Motor', amount: 9_000 })
  assert.deepEqual(typeOf(await approve(ORQUESTRADOR, body.approval_id)), [409, 'approval_stale'])
  assert.equal((await vehicleOf(api, id)).status, 'available')
})

test('only an admin offers a new car below its cost, by form or by file', async () => {
  const below = { price: 20_000, ...bought(60_000) }
  const id = await vehicleAt(api, 20_000, bought(60_000))
  assert.equal((await vehicleOf(api, id)).price, 20_000, 'an admin may')
  const car = { brand: 'Fiat', model: 'Uno', year: 2020, color: 'Prata', license_plate: 'BRA2E19' }
  const papers = { chassi_number: '9BD15822786123456', renavam: '00639884962' }
  const { status, body } = await maria(VEICULO, 'POST', '/vehicles', { ...car, ...papers, ...below })
  assert.deepEqual([status, body.errors[0].path], [422, '/price'])
  const row = Object.entries({ ...car, ...papers, ...below })
  const file = await fetch(`${api.system.addressOf(VEICULO)}/vehicles/import`, {
    method: 'POST',
    headers: { ...(await api.as({ role: 'staff', subject: 'maria' })), 'content-type': 'text/csv' },
    body: `${row.map(([name]) => name).join(';')}\n${row.map(([, value]) => value).join(';')}\n`,
  })
  const imported = (await file.json()) as { taken_in: number; errors: { field: string }[] }
  assert.deepEqual([imported.taken_in, imported.errors[0]?.field], [0, 'price'], JSON.stringify(imported))
})

async function counterDeal(customer_id: number, amount: number) {
  const order = { customer_id, vehicle_id: await vehicleAt(api, amount), payment_type: 'counter' }
  const { status, body } = await maria(ORQUESTRADOR, 'POST', '/purchase', order)
  assert.equal(status, 202, JSON.stringify(body))
  const id: string = body.transaction_id
  const payment_code = await until('the code waits', async () => {
    const saga = await sagaOf(api, id)
    return saga.current_step === 'PAYMENT_PROCESSING' && (saga.context.payment_code as string)
  })
  const pay = (part: object, who = maria) => who(PAGAMENTO, 'POST', '/payments', { payment_code, ...part })
  return { id, vehicle: order.vehicle_id, buyer: customer_id, payment_code, pay }
}

test('small parts count as one sum, also over two purchases and at the same time', async () => {
  const customer = await customerWith(api)
  const deals = [await counterDeal(customer, 90_000), await counterDeal(customer, 90_000)]
  const parts = Array.from({ length: 10 }, (_, index) =>
    deals[index % 2]?.pay({ payment_method: 'banknotes', amount: 9_999 }),
  )
  const statuses = (await Promise.all(parts)).map((answer) => answer?.status)
  assert.deepEqual(statuses.toSorted(), [201, 201, 201, 201, 201, 202, 202, 202, 202, 202])
})

test('a car that is valued at half a million for a part of a thousand needs a second person', async () => {
  const { id, pay } = await counterDeal(await customerWith(api), 40_000)
  const part = { payment_method: 'trade_in', amount: 1_000, trade_in: { valuation: 500_000 } }
  assert.equal((await pay(part)).status, 202)
  assert.equal((await owner(PAGAMENTO, 'GET', `/owed-items?transaction_id=${id}`)).body.total, 0)
})

test('a car whose excess was paid out cannot be struck, and one car pays only once', async () => {
  const { id, pay } = await counterDeal(await customerWith(api), 40_000)
  const vehicle_id = await vehicleAt(api, 20_000)
  const part = { payment_method: 'trade_in', amount: 1_000, trade_in: { valuation: 30_000, vehicle_id } }
  const taken = (await pay(part)).body.id
  const again = await pay(part)
  assert.deepEqual([again.status, again.body.errors[0].path], [422, '/trade_in/vehicle_id'])
  const [owed] = (await maria(PAGAMENTO, 'GET', `/owed-items?transaction_id=${id}`)).body.owed_items
  const out = { method: 'banknotes', reference: 'recibo 9' }
  assert.equal((await owner(PAGAMENTO, 'POST', `/owed-items/${owed.id}/settle`, out)).status, 200)
  const struck = await maria(PAGAMENTO, 'POST', `/payments/${taken}/reverse`, { reason: 'Mistake' })
  assert.deepEqual(typeOf(struck), [409, 'part_not_open'])
})

test('the audit adds up a hundred small gifts by registration', async () => {
  const busy = await person('staff', 'busy')
  for (let friend = 0; friend < 6; friend += 1) {
    const gift = { name: 'Rui Reis', email: `rui-${friend}@example.com`, phone: '11987654321', document: generateCpf() }
    const { status } = await busy(CLIENTE, 'POST', '/customers', { ...gift, initial_balance: 9_999 })
    assert.equal(status, 201)
  }
  const { suspicions } = (await owner(CLIENTE, 'GET', '/suspicions?since=2026-01-01T00:00:00Z')).body
  assert.ok(suspicions.some((one: Body) => one.kind === 'moved_much_by_hand' && one.subject === 'staff busy'))
})

test('no call holds a car for ever', async () => {
  const { payment_code } = await counterDeal(await customerWith(api), 30_000)
  const more = { until: '2126-01-01T00:00:00Z', reason: 'A friend thinks about it' }
  const { status, body } = await maria(PAGAMENTO, 'POST', `/payment-codes/${payment_code}/extend`, more)
  assert.deepEqual([status, body.errors[0].path], [422, '/until'])
})

test('staff cannot change their own purchase, its money, its keys or its return', async () => {
  const customer = await customerWith(api)
  const eva = await person('staff', 'eva', { customer_id: customer })
  const boss = await person('admin', 'boss', { customer_id: customer })
  const open = await counterDeal(customer, 30_000)
  const part = (await open.pay({ payment_method: 'financing', amount: 5_000, state: 'promised' })).body
  const more = { until: new Date(Date.now() + 9e8).toISOString(), reason: 'Because I can' }
  const early: [service: string, method: string, path: string, body: object][] = [
    [PAGAMENTO, 'POST', '/payments', { payment_code: open.payment_code, payment_method: 'banknotes' }],
    [PAGAMENTO, 'POST', `/payment-codes/${open.payment_code}/extend`, more],
    [PAGAMENTO, 'POST', `/payments/${part.id}/receive`, {}],
    [PAGAMENTO, 'POST', `/payments/${part.id}/reverse`, { reason: 'Because I can' }],
    [ORQUESTRADOR, 'POST', `/purchase/${open.id}/cancel`, {}],
  ]
  const late: typeof early = [
    [VEICULO, 'POST', `/vehicles/${open.vehicle}/pickup`, { pickup_code: 'AAAA2222', received_by: 'Eva Lima' }],
  ]
  for (const [service, method, path, body] of early)
    for (const self of [eva, boss]) assert.deepEqual(typeOf(await self(service, method, path, body)), OWN, path)
  for (const act of ['retry', 'give-up', 'redo']) {
    const body = act === 'retry' ? undefined : { reason: 'Because I can' }
    assert.deepEqual(typeOf(await boss(ORQUESTRADOR, 'POST', `/saga-states/${open.id}/${act}`, body)), OWN, act)
  }
  await open.pay({ payment_method: 'banknotes' })
  assert.equal((await maria(PAGAMENTO, 'POST', `/payments/${part.id}/receive`, {})).status, 200)
  assert.equal((await settled(api, open.id)).status, 'COMPLETED')
  for (const [service, method, path, body] of late)
    for (const self of [eva, boss]) assert.deepEqual(typeOf(await self(service, method, path, body)), OWN, path)
  await pickUp(api, open)
  assert.deepEqual(typeOf(await eva(ORQUESTRADOR, 'POST', `/purchase/${open.id}/return`, { reason: 'Changed' })), OWN)
  const { body: asked } = await maria(ORQUESTRADOR, 'POST', `/purchase/${open.id}/return`, { reason: 'Eva regrets it' })
  const { return_id } = asked
  await until('it waits', async () => (await sagaOf(api, return_id)).current_step === 'RETURN_RECEIPT')
  for (const self of [eva, boss]) {
    const received = await self(ORQUESTRADOR, 'POST', `/returns/${return_id}/received`, { mileage_km: 1 })
    assert.deepEqual(typeOf(received), OWN)
    assert.deepEqual(typeOf(await self(ORQUESTRADOR, 'POST', `/returns/${return_id}/cancel`, {})), OWN)
  }
  await receive(api, return_id)
  await returned(api, return_id)
  const { owed_items } = (await maria(PAGAMENTO, 'GET', `/owed-items?transaction_id=${open.id}`)).body
  const settle = { method: 'banknotes', reference: 'recibo 1' }
  for (const self of [eva, boss])
    assert.deepEqual(typeOf(await self(PAGAMENTO, 'POST', `/owed-items/${owed_items[0].id}/settle`, settle)), OWN)
  assert.equal((await owner(PAGAMENTO, 'POST', `/owed-items/${owed_items[0].id}/settle`, settle)).status, 200)
})

test('staff cannot take their own car into consignment, set its terms, or give it back to themselves', async () => {
  const customer = await customerWith(api)
  const eva = await person('staff', 'eva', { customer_id: customer })
  const consigned = { acquired_at: TODAY, acquisition_cost: 0, source: 'consignment', owner_customer_id: customer }
  const id = await vehicleAt(api, 70_000)
  const acquisition = `/vehicles/${id}/acquisition`
  assert.deepEqual(typeOf(await eva(VEICULO, 'PUT', acquisition, { ...consigned, owner_share: 99 })), OWN)
  assert.equal((await maria(VEICULO, 'PUT', acquisition, { ...consigned, owner_share: 80 })).status, 200)
  assert.deepEqual(typeOf(await eva(VEICULO, 'PUT', acquisition, bought(70_000))), OWN)
  assert.deepEqual(typeOf(await eva(VEICULO, 'POST', `/vehicles/${id}/return_to_owner`)), OWN)
  assert.equal((await vehicleOf(api, id)).status, 'available')
})

/** The acts in the journal, oldest first. */
async function journalOf(service: string, about: string, about_id: unknown): Promise<string[]> {
  const { entries } = (await owner(service, 'GET', '/journal?limit=1000')).body
  return entries
    .filter((entry: Body) => entry.about === about && entry.about_id === String(about_id))
    .map(({ act, subject }: Body) => `${act} ${subject}`)
}

test('the journal names the clerk who changes a car’s costs, papers or status', async () => {
  const id = await costly()
  const acts: [method: string, path: string, body: object | undefined, act: string][] = [
    ['PUT', 'acquisition', bought(61_000), 'acquisition_recorded'],
    ['PUT', 'papers', { crv: { number: '123456789' } }, 'papers_stated'],
    ['POST', 'withdraw', undefined, 'vehicle_withdrawn'],
    ['POST', 'relist', undefined, 'vehicle_relisted'],
  ]
  for (const [method, path, body] of acts) {
    const answer = await maria(VEICULO, method, `/vehicles/${id}/${path}`, body)
    assert.equal(answer.status, 200, `${path}: ${JSON.stringify(answer.body)}`)
  }
  const told = await journalOf(VEICULO, 'vehicle', id)
  assert.deepEqual(
    told.slice(-4),
    acts.map(([, , , act]) => `${act} maria`),
  )
})

test('the journal names the clerk who changes parts, debts, codes, owed money or the till', async () => {
  const { id, payment_code, pay } = await counterDeal(await customerWith(api), 30_000)
  const act = async (path: string, body: object) => {
    const answer = await maria(PAGAMENTO, 'POST', path, body)
    assert.ok([200, 201].includes(answer.status), `${path}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const until = new Date(Date.now() + 9e8).toISOString()
  await act(`/payment-codes/${payment_code}/extend`, { until, reason: 'Deposit was paid' })
  const wrong = (await pay({ payment_method: 'banknotes', amount: 100 })).body.id
  await act(`/payments/${wrong}/reverse`, { reason: 'Counted wrong' })
  const bank = (await pay({ payment_method: 'financing', amount: 20_000, state: 'promised' })).body.id
  await pay({ payment_method: 'banknotes' })
  assert.equal((await settled(api, id)).status, 'COMPLETED')
  await act(`/payments/${bank}/fail`, { reason: 'Refused by the bank', due_on: '2030-01-02' })
  const buyer = await api.as({ role: 'customer', customer_id: (await sagaOf(api, id)).customer_id })
  const leaving = await api.call(
    CLIENTE,
    'DELETE',
    `/customers/${(await sagaOf(api, id)).customer_id}`,
    undefined,
    buyer,
  )
  assert.deepEqual(
    leaving.body.settle_first.map(({ what, amount }: Body) => [what, amount]),
    [
      ['counter_debt', 20_000],
      ['vehicle_not_picked_up', undefined],
    ],
    'an erasure washes no debt of the counter',
  )
  const { debts } = (await maria(PAGAMENTO, 'GET', `/payment-debts?transaction_id=${id}`)).body
  await act(`/payment-debts/${debts[0].id}/settle`, { method: 'transfer', reference: 'TED 1' })
  assert.deepEqual(await journalOf(PAGAMENTO, 'purchase', id), ['code_extended maria', 'debt_paid maria'])
  assert.deepEqual(await journalOf(PAGAMENTO, 'payment', wrong), ['part_taken maria', 'part_reversed maria'])
  assert.deepEqual(await journalOf(PAGAMENTO, 'payment', bank), ['part_taken maria', 'part_failed maria'])
  const counted = await owner(PAGAMENTO, 'POST', '/closings', { counted: 1, reason: 'Nothing fits, so it is told' })
  assert.equal(counted.status, 201, JSON.stringify(counted.body))
  assert.deepEqual(await journalOf(PAGAMENTO, 'closing', counted.body.period), ['day_closed owner'])
})

test('a seller sees neither cost nor margin by any route', async () => {
  const id = await costly()
  const shown: [method: string, path: string, body?: object][] = [
    ['GET', `/vehicles/${id}`],
    ['GET', '/vehicles?status_filter=any'],
    ['GET', '/vehicles/facets?status_filter=any'],
    ['GET', `/vehicles/${id}/prices`],
    ['GET', `/vehicles/${id}/unmasked?fields=renavam&reason=Papers+of+the+sale`],
    ['PUT', `/vehicles/${id}`, { mileage_km: 41_000 }],
    ['POST', `/vehicles/${id}/withdraw`],
    ['POST', `/vehicles/${id}/relist`],
  ]
  for (const [method, path, body] of shown) {
    const answer = await nina(VEICULO, method, path, body)
    assert.equal(answer.status, 200, `${path} ${JSON.stringify(answer.body)}`)
    assert.doesNotMatch(JSON.stringify(answer.body), /cost|margin|acquired|expense|owner_/, path)
  }
  const refused: [service: string, method: string, path: string, body?: object][] = [
    ...['costs', 'papers', 'history'].map((what): [string, string, string] => [
      VEICULO,
      'GET',
      `/vehicles/${id}/${what}`,
    ]),
    [VEICULO, 'GET', '/vehicles/papers'],
    [VEICULO, 'GET', '/vehicles/accounts'],
    [VEICULO, 'GET', `/vehicles/${id}/price-check?wanted_cents=1&discount_limit=1`],
    [VEICULO, 'PUT', `/vehicles/${id}/acquisition`, bought(1)],
    [VEICULO, 'POST', `/vehicles/${id}/expenses`, { what: 'Pneus', amount: 1 }],
    ...['/reports/sales?group=seller', '/reports/stock', '/saga-states/overdue'].map(
      (path): [string, string, string] => [ORQUESTRADOR, 'GET', path],
    ),
    ...['/closings', '/payments', '/payment-codes', '/payment-debts', '/owed-items', '/unmatched-payments'].map(
      (path): [string, string, string] => [PAGAMENTO, 'GET', path],
    ),
    ...[CLIENTE, VEICULO, PAGAMENTO, ORQUESTRADOR].flatMap((service) =>
      ['/journal', '/access-log', '/suspicions', '/dead-letters'].map((path): [string, string, string] => [
        service,
        'GET',
        path,
      ]),
    ),
  ]
  for (const [service, method, path, body] of refused)
    assert.equal((await nina(service, method, path, body)).status, 403, `${service} ${path}`)
})

test('for a stranger, a car that is prepared, withdrawn or given back does not exist', async () => {
  const nobody = (path: string) => api.call(VEICULO, 'GET', path, undefined, { authorization: '' })
  const hidden = [await vehicleAt(api, 40_000, { publish: false }), await vehicleAt(api, 40_000)]
  await maria(VEICULO, 'POST', `/vehicles/${hidden[1]}/withdraw`)
  const { instance: _, ...none } = (await nobody('/vehicles/999999')).body
  for (const path of hidden.flatMap((id) => [`/vehicles/${id}`, `/vehicles/${id}/prices`])) {
    const { instance: __, ...answer } = (await nobody(path)).body
    assert.deepEqual(answer, none, path)
  }
  assert.deepEqual((await nobody(`/vehicles?status_filter=available&ids=${hidden}`)).body.vehicles, [])
  const buyer = await api.as({ role: 'customer', customer_id: await customerWith(api) })
  assert.equal((await api.call(VEICULO, 'GET', `/vehicles/${hidden[0]}`, undefined, buyer)).status, 404)
  for (const path of ['/vehicles?status_filter=any', '/vehicles/facets?status_filter=withdrawn'])
    assert.equal((await api.call(VEICULO, 'GET', path, undefined, buyer)).status, 403)
})

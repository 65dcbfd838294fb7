/**
 * Every route of every service with a seller's token: stock without cost and margin, their own sales, their own customers'
 * contacts, and nothing else, whatever they ask for. A new route fails here until somebody has said what a seller may see of it.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { permissionsOf } from '#contracts'
import { askReturn, pickUp } from '../fixtures/returns.ts'
import {
  CLIENTE,
  ORQUESTRADOR,
  PAGAMENTO,
  sagaOf,
  settled,
  startSystem,
  VEICULO,
  vehicleAt,
} from '../fixtures/system.ts'

const api = await startSystem()

async function person(role: 'staff' | 'admin', subject: string, more: object = {}) {
  const headers = await api.as({ role, subject, ...more })
  return (service: string, method: string, path: string, body?: object) =>
    api.call(service, method, path, body, headers)
}
const maria = await person('staff', 'maria')
const owner = await person('admin', 'owner')
const nina = await api.as({ role: 'staff', scope: 'seller', subject: 'nina' })
const ninaAsks = await person('staff', 'nina', { scope: 'seller' })

const made = ({ status, body }: Awaited<ReturnType<typeof maria>>) => {
  assert.ok(status >= 200 && status < 300, JSON.stringify(body))
  return body
}

/** Money that nothing else in this system adds up to. */
const COST = { acquired_at: '2026-03-02', acquisition_cost: 51_234.57, source: 'purchase' }
const TYRES = { what: 'Jogo de pneus', amount: 3_210.43, spent_on: '2026-03-02' }
async function costly() {
  const id = await vehicleAt(api, 70_000, COST)
  made(await maria(VEICULO, 'POST', `/vehicles/${id}/expenses`, TYRES))
  return id
}

const ZULEICA = {
  ...{ name: 'Zuleica Quaresma', email: 'zuleica@example.com', phone: '21977771234', document: '52998224725' },
  ...{ initial_balance: 200_000, birth_date: '1971-05-04', refund_pix_key: 'zuleica-pix@example.com' },
  address: {
    postal_code: '01310100',
    street: 'Rua dos Ipês',
    number: '4711',
    district: 'Centro',
    city: 'São Paulo',
    state: 'SP',
  },
}
const stranger = made(await owner(CLIENTE, 'POST', '/customers', ZULEICA)).id as number

async function soldTo(customer_id: number, who: typeof maria) {
  const vehicle = await costly()
  const order = { customer_id, vehicle_id: vehicle, payment_type: 'cash' }
  const id = made(await who(ORQUESTRADOR, 'POST', '/purchase', order)).transaction_id as string
  assert.equal((await settled(api, id)).status, 'COMPLETED')
  return { id, vehicle, buyer: customer_id }
}
const theirs = await soldTo(stranger, maria)
const handedOver = await soldTo(stranger, maria)
await pickUp(api, handedOver)
const buyers = await api.as({ role: 'customer', customer_id: stranger })
const pickup_code = (await api.call(ORQUESTRADOR, 'GET', `/saga-states/${theirs.id}`, undefined, buyers)).body.context
  .pickup_code as string
const what = 'O câmbio escapa da terceira'
const claim = made(await maria(VEICULO, 'POST', `/vehicles/${handedOver.vehicle}/warranty-claims`, { what }))
  .id as number
made(
  await maria(VEICULO, 'POST', `/warranty-claims/${claim}/close`, {
    ...{ outcome: 'repaired', cost: 1_987.65, findings: 'Sincronizador da terceira trocado' },
  }),
)
const { return_id } = await askReturn(api, handedOver.id)
const dear = made(await maria(VEICULO, 'PUT', `/vehicles/${await costly()}`, { price: 54_000 })).approval_id as string

const RUI = { name: 'Rui Reis', email: 'rui@example.com', phone: '11987654321', document: '11144477735' }
const own = made(await ninaAsks(CLIENTE, 'POST', '/customers', RUI)).id as number
made(
  await owner(CLIENTE, 'POST', `/customers/${own}/adjustments`, {
    ...{ amount: 140_000, kind: 'deposit', reason: 'Paid at the counter' },
  }),
)
const ownSale = await soldTo(own, ninaAsks)
made(await maria(CLIENTE, 'POST', `/customers/${stranger}/block`, { reason: 'Suspeita de documento de outra pessoa' }))
const stock = await costly()
const asked = made(await ninaAsks(VEICULO, 'PUT', `/vehicles/${stock}`, { price: 40_000 })).approval_id as string

/** What no answer to a seller holds: costs and margins, a stranger's contacts, a colleague's sale and the code that opens its car. */
const SECRETS: readonly (string | number)[] = [
  ...[51_234.57, 3_210.43, 54_445, 1_987.65, 15_555, 'Jogo de pneus', 'Sincronizador'],
  ...[ZULEICA.email, '21977771234', ZULEICA.document, ZULEICA.birth_date, 'Rua dos Ipês', 'zuleica-pix'],
  ...[pickup_code, 'Suspeita de documento'],
]
/** Names of fields that a seller sees nowhere, whatever is in them. */
const NEVER =
  /"(cost|acquisition_cost|acquired_at|source|expenses?|expenses_total|margin|owner_payout|owner_share|owner_customer_id|pickup_code|blocked_reason|findings|refund|authors?_reason)"/

/** A number only as a whole one: its digits may be part of others. */
const holds = (text: string, secret: string | number) =>
  typeof secret === 'string' ? text.includes(secret) : new RegExp(`[:,[]${secret}[,}\\]]`).test(text)

type Ask = readonly [path: string, body?: object]
const WHY = 'reason=Papers+of+the+sale'
/** For each route that a seller may call: what they call it with, for what is theirs and for what is not. */
const CALLS: Readonly<Record<string, readonly Ask[]>> = {
  'GET /staff/names': [['/staff/names']],
  'GET /approvals': [['/approvals'], [`/approvals?about_id=${stock}`]],
  'GET /approvals/:id': [[`/approvals/${dear}`], [`/approvals/${asked}`]],
  'GET /customers': [
    ['/customers'],
    ['/customers?q=zuleica'],
    [`/customers?ids=${stranger}`],
    ['/customers?status=blocked'],
  ],
  'POST /customers': [['/customers', { ...ZULEICA, initial_balance: 0 }]],
  'POST /customers/search': [['/customers/search', { document: ZULEICA.document }]],
  'GET /customers/:id': [[`/customers/${stranger}`], [`/customers/${own}`]],
  'PUT /customers/:id': [
    [`/customers/${stranger}`, { phone: '11912345678' }],
    [`/customers/${own}`, { phone: '11912345678' }],
  ],
  'GET /customers/:id/vehicles': [
    [`/customers/${stranger}/vehicles?status_filter=sold`],
    [`/customers/${own}/vehicles`],
  ],
  'GET /customers/:id/unmasked': [[`/customers/${stranger}/unmasked?fields=phone,email&${WHY}`]],
  'GET /vehicles': [['/vehicles?status_filter=any'], ['/vehicles?status_filter=sold&q=strada']],
  'GET /vehicles/facets': [['/vehicles/facets?status_filter=any']],
  'POST /vehicles': [['/vehicles', COST]],
  'POST /vehicles/search': [['/vehicles/search', { license_plate: 'ABC1D23' }]],
  'GET /vehicles/:id': [[`/vehicles/${stock}`], [`/vehicles/${theirs.vehicle}`], [`/vehicles/${handedOver.vehicle}`]],
  'GET /vehicles/:id/prices': [[`/vehicles/${stock}/prices`], [`/vehicles/${theirs.vehicle}/prices`]],
  'PUT /vehicles/:id': [
    [`/vehicles/${stock}`, { mileage_km: 41_000 }],
    [`/vehicles/${stock}`, { price: 54_400 }],
  ],
  'PATCH /vehicles/:id/mark_as_sold': [[`/vehicles/${stock}/mark_as_sold`]],
  'POST /vehicles/:id/withdraw': [[`/vehicles/${stock}/withdraw`]],
  'POST /vehicles/:id/relist': [[`/vehicles/${stock}/relist`]],
  'POST /vehicles/:id/publish': [[`/vehicles/${stock}/publish`]],
  'POST /vehicles/:id/photos': [[`/vehicles/${stock}/photos`]],
  'PUT /vehicles/:id/photos': [[`/vehicles/${stock}/photos`, { order: [] }]],
  'DELETE /vehicles/:id/photos/:photo_id': [[`/vehicles/${stock}/photos/1`]],
  'POST /vehicles/:id/warranty-claims': [
    [`/vehicles/${handedOver.vehicle}/warranty-claims`, { what: 'Ruído no freio' }],
  ],
  'POST /vehicles/:id/pickup': [
    [`/vehicles/${theirs.vehicle}/pickup`, { pickup_code: '00000000', received_by: 'Nina' }],
    [`/vehicles/${theirs.vehicle}/pickup`, { buyer_document: RUI.document, received_by: 'Nina' }],
  ],
  'GET /vehicles/:id/unmasked': [[`/vehicles/${theirs.vehicle}/unmasked?fields=renavam&${WHY}`]],
  'GET /payment-codes/:code': [['/payment-codes/nocode']],
  'GET /payment-codes/:code/qr.svg': [['/payment-codes/nocode/qr.svg']],
  'POST /purchase': [
    ['/purchase', { customer_id: stranger, vehicle_id: stock, payment_type: 'cash' }],
    [
      '/purchase',
      { customer_id: own, vehicle_id: stock, payment_type: 'cash', agreed_price: 54_400, reason: 'A friend' },
    ],
  ],
  'POST /purchase/:transaction_id/cancel': [
    [`/purchase/${theirs.id}/cancel`, {}],
    [`/purchase/${ownSale.id}/cancel`, {}],
  ],
  'POST /purchase/:transaction_id/return': [[`/purchase/${theirs.id}/return`, { reason: 'The commission is mine' }]],
  'GET /returns': [['/returns'], [`/returns?customer_id=${stranger}`]],
  'GET /returns/:return_id': [[`/returns/${return_id}`]],
  'POST /returns/:return_id/cancel': [[`/returns/${return_id}/cancel`, { reason: 'The commission is mine' }]],
  'GET /saga-states': [['/saga-states'], [`/saga-states?customer_id=${stranger}`]],
  'GET /saga-states/:transaction_id': [[`/saga-states/${theirs.id}`], [`/saga-states/${ownSale.id}`]],
  'GET /saga-states/:transaction_id/history': [
    [`/saga-states/${theirs.id}/history`],
    [`/saga-states/${ownSale.id}/history`],
  ],
  'GET /saga-states/:transaction_id/events': [
    [`/saga-states/${theirs.id}/events`],
    [`/saga-states/${ownSale.id}/events`],
  ],
}

/** Ids that exist, so that a refusal is one of the caller, not of the thing. */
const placed = (path: string) =>
  path
    .replace('/customers/:id', `/customers/${stranger}`)
    .replace('/approvals/:id', `/approvals/${dear}`)
    .replace('/warranty-claims/:id', `/warranty-claims/${claim}`)
    .replace(':transaction_id', theirs.id)
    .replace(':return_id', return_id)
    .replace(':code', 'nocode')
    .replace(':account_id', theirs.id)
    .replace(/:(id|customer_id)/, String(theirs.vehicle))

async function tell(service: string, method: string, path: string, body?: object) {
  const response = await fetch(`${api.system.addressOf(service)}${path}`, {
    method,
    headers: { ...nina, accept: '*/*', ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  return { status: response.status, text: await response.text() }
}

/** Everything but what proves itself otherwise: webhooks, sessions, and pages that everybody gets. */
const asksForToken = ({ who, proof }: ReturnType<typeof permissionsOf>[string]) =>
  who === 'everybody' ? proof === 'optional_token' : true

for (const { name } of api.system.services.filter(({ name }) => name !== 'gateway'))
  test(`${name} tells a seller nothing of costs, of colleagues’ sales and of other people’s customers`, async () => {
    const wrong: string[] = []
    for (const [route, permission] of Object.entries(permissionsOf(name))) {
      if (!asksForToken(permission) || route === 'GET /metrics' || route === 'GET /me') continue
      const [method = '', path = ''] = route.split(' ')
      const { who, operators } = permission
      const isTheirs = who === 'everybody' || (who.includes('staff') && operators !== true)
      if (!isTheirs) {
        const { status } = await tell(name, method, placed(path), ['GET', 'DELETE'].includes(method) ? undefined : {})
        if (status !== 403) wrong.push(`${route}: ${status} instead of 403`)
        continue
      }
      const calls = CALLS[route] ?? []
      if (calls.length === 0) wrong.push(`${route}: nobody has said what a seller sees of it`)
      for (const [asked, body] of calls) {
        const { status, text } = await tell(name, method, asked, body)
        if (status >= 500) wrong.push(`${route}: ${status}`)
        const sent = JSON.stringify(body ?? '') + asked
        for (const secret of SECRETS)
          if (holds(text, secret) && !sent.includes(String(secret))) wrong.push(`${asked}: tells ${secret}`)
        const [field] = NEVER.exec(text) ?? []
        if (field && !sent.includes(field)) wrong.push(`${asked}: has ${field}`)
      }
    }
    assert.deepEqual(wrong, [])
  })

test('reports and closings are no more a seller’s as a file', async () => {
  for (const path of ['/reports/sales?group=seller', '/reports/stock']) {
    const headers = { ...nina, accept: 'text/csv' }
    const response = await fetch(`${api.system.addressOf(ORQUESTRADOR)}${path}`, { headers })
    assert.equal(response.status, 403)
    assert.doesNotMatch(await response.text(), /margin|cost/)
  }
  assert.equal((await ninaAsks(PAGAMENTO, 'POST', '/closings', { counted: 0 })).status, 403)
})

test('a purchase that came to nothing makes nobody a seller’s customer', async () => {
  const order = { customer_id: (await stranded()).id, vehicle_id: await vehicleAt(api, 1_000), payment_type: 'pix' }
  const { transaction_id } = made(await ninaAsks(ORQUESTRADOR, 'POST', '/purchase', order))
  made(await ninaAsks(ORQUESTRADOR, 'POST', `/purchase/${transaction_id}/cancel`, {}))
  await settled(api, transaction_id)
  assert.equal((await sagaOf(api, transaction_id)).status, 'CANCELLED')
  const { text } = await tell(CLIENTE, 'GET', `/customers/${order.customer_id}`)
  assert.doesNotMatch(text, /otavio@example/)
})

async function stranded() {
  const who = { name: 'Otávio Prado', email: 'otavio@example.com', phone: '21977774321', document: '12345678909' }
  return made(await owner(CLIENTE, 'POST', '/customers', who))
}

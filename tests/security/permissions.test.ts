/** Every route of every service, called as each role and as nobody, answers as contracts/permissions.ts says. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { permissionsOf, type Role } from '#contracts'
import { buy, customerWith, settled, startSystem, vehicleAt } from '../fixtures/system.ts'

const api = await startSystem()
const ROLES: readonly (Role | 'nobody')[] = ['nobody', 'customer', 'staff', 'admin', 'service']
const headersOf = new Map<string, Record<string, string>>()
for (const role of ROLES) {
  const caller = { role, ...(role === 'customer' && { customer_id: 999_999 }) }
  headersOf.set(role, role === 'nobody' ? {} : await api.as(caller))
}
const seller = await api.as({ role: 'staff', scope: 'seller', subject: 'nina' })

/** Ids that exist nowhere, and bodies that fit nothing, so that an allowed caller changes nothing. */
const addressed = (path: string) =>
  path
    .replace(':transaction_id', '019b0000-0000-7000-8000-000000000000')
    .replace(':code', 'nocode')
    .replace(':id', '999999')
    .replace(':customer_id', '999999')
    .replace(':proof', 'nobody')
    .replace(':account_id', '019b0000-0000-7000-8000-000000000000')

/** For routes that decide by the request itself, as their `rule` says: the answer to nobody for the requests below. */
const RULED: Readonly<Record<string, number>> = {
  'veiculo-service GET /vehicles': 401,
  'veiculo-service GET /vehicles/facets': 401,
  'pagamento-service POST /webhooks/payments': 401,
  'pagamento-service POST /webhooks/pix': 401,
  'identidade-service GET /me': 401,
}

/** Vehicles that are not on sale are listed only for staff. */
const RULED_TO_CUSTOMERS: readonly string[] = ['veiculo-service GET /vehicles', 'veiculo-service GET /vehicles/facets']

/** A session's cookie proves the caller, and none is sent here. A POST fails before that, because it has no Origin. */
const RULED_BY_SESSION: Readonly<Record<string, number>> = {
  'identidade-service GET /auth/token': 401,
  'identidade-service GET /auth/list-sessions': 401,
  'identidade-service GET /auth/passkey/generate-register-options': 401,
  'identidade-service GET /auth/passkey/list-user-passkeys': 401,
  'identidade-service POST /auth/revoke-other-sessions': 403,
  'identidade-service POST /auth/sign-out': 403,
}

for (const { name, url } of api.system.services.filter(({ name }) => name !== 'gateway')) {
  test(`${name} lets in whom the table names, and nobody else`, async () => {
    const wrong: string[] = []
    let attempts = 0
    for (const [route, { who, operators, services }] of Object.entries(permissionsOf(name))) {
      const [method = '', path = ''] = route.split(' ')
      for (const role of ROLES) {
        const withBody = !['GET', 'DELETE'].includes(method)
        const response = await fetch(`${url}${addressed(path)}`, {
          method,
          redirect: 'manual',
          headers: { ...headersOf.get(role), ...(withBody && { 'content-type': 'application/json' }) },
          ...(withBody && { body: '{"nothing":"fits"}' }),
          signal: AbortSignal.timeout(10_000),
        })
        await response.arrayBuffer()
        attempts += 1
        // api05 tries each service: this token names none
        const may =
          who === 'everybody' || (role !== 'nobody' && who.includes(role) && !(role === 'service' && services))
        const isRuled = role === 'nobody' || path.startsWith('/webhooks/')
        const bySession = RULED_BY_SESSION[`${name} ${route}`]
        const byRule = isRuled ? RULED[`${name} ${route}`] : undefined
        const forStaff = role === 'customer' && RULED_TO_CUSTOMERS.includes(`${name} ${route}`) ? 403 : undefined
        const byTable = role === 'nobody' ? 401 : 403
        const refusal = bySession ?? (may ? (byRule ?? forStaff) : byTable)
        const asItShould =
          refusal === undefined ? ![401, 403, 500].includes(response.status) : response.status === refusal
        if (!asItShould) wrong.push(`${role}: ${route} answered ${response.status}`)
      }
      if (operators) {
        const { status } = await fetch(`${url}${addressed(path)}`, { method, headers: seller })
        if (status !== 403) wrong.push(`a seller: ${route} answered ${status}`)
      }
    }
    assert.deepEqual(wrong, [])
    assert.ok(attempts >= 60)
  })
}

test('a customer reaches nobody else’s things by any route', async () => {
  const headers = headersOf.get('customer') ?? {}

  const other = await customerWith(api, { initial_balance: 10_000 })
  const vehicle = await vehicleAt(api, 5_000)
  const transaction = await buy(api, other, vehicle)
  const { context } = await settled(api, transaction)
  const tries: readonly [service: string, method: string, path: string, body?: object][] = [
    ['cliente-service', 'GET', `/customers/${other}`],
    ['cliente-service', 'PUT', `/customers/${other}`, { name: 'Mallory' }],
    ['cliente-service', 'GET', `/customers/${other}/statement`],
    ['cliente-service', 'GET', `/customers/${other}/vehicles`],
    ['pagamento-service', 'GET', `/payment-codes/${context.payment_code}`],
    ['pagamento-service', 'GET', `/payment-codes/${context.payment_code}/qr.svg`],
    ['pagamento-service', 'POST', '/payments', { payment_code: context.payment_code }],
    ['pagamento-service', 'GET', `/payments/${context.payment_id}`],
    ['orquestrador', 'POST', '/purchase', { customer_id: other, vehicle_id: vehicle, payment_type: 'cash' }],
    ['orquestrador', 'GET', `/saga-states/${transaction}`],
    ['orquestrador', 'GET', `/saga-states/${transaction}/history`],
    ['orquestrador', 'GET', `/saga-states/${transaction}/events`],
    ['orquestrador', 'POST', `/purchase/${transaction}/cancel`, {}],
    ['orquestrador', 'GET', `/saga-states?customer_id=${other}`],
  ]
  for (const [service, method, path, body] of tries)
    assert.equal((await api.call(service, method, path, body, headers)).status, 404, `${method} ${path}`)
  for (const [service, path] of [
    ['pagamento-service', '/payment-codes'],
    ['pagamento-service', '/payments'],
  ] as const)
    assert.deepEqual((await api.call(service, 'GET', path, undefined, headers)).body, [], path)
})

test('a customer gives themselves neither money nor credit, and a purchase is not sold by hand', async () => {
  const id = await customerWith(api)
  const own = await api.as({ role: 'customer', customer_id: id })
  for (const money of [{ initial_balance: 1_000_000 }, { credit_limit: 1_000_000 }]) {
    assert.equal((await api.call('cliente-service', 'PUT', `/customers/${id}`, money, own)).status, 403)
    const body = {
      name: 'Eva Lima',
      email: 'eva@example.com',
      phone: '11987654321',
      document: '529.982.247-25',
      ...money,
    }
    const nobody = await api.call('cliente-service', 'POST', '/customers', body, { authorization: '' })
    assert.equal(nobody.status, 401)
    assert.equal((await api.call('cliente-service', 'POST', '/customers', body, own)).status, 403)
  }
  const vehicle = await vehicleAt(api, 5_000)
  const sale = `/vehicles/${vehicle}/mark_as_sold`
  const transaction_id = '019b0000-0000-7000-8000-000000000000'
  const service = headersOf.get('service') ?? {}
  assert.equal((await api.call('veiculo-service', 'PATCH', sale, { transaction_id })).status, 403)
  assert.equal((await api.call('veiculo-service', 'PATCH', sale, undefined, service)).status, 403)
})

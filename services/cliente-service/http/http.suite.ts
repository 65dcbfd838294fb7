/** The customers' routes on a database of their own, as the tests beside this file call them. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after } from 'node:test'
import { generateCpf } from '@brazilian-utils/brazilian-utils'
import { pino } from 'pino'
import { permissionsOf } from '#contracts'
import { approvalRoutes, historyRoute, openApprovals } from '#host'
import { systemClock, systemIds } from '#platform/clock'
import { httpApp } from '#platform/http/app'
import type { Access, Caller } from '#platform/http/auth'
import { testDatabase } from '../../../tests/fixtures/database.ts'
import { adjustmentKind } from '../credit/adjustments.ts'
import { moneyKinds } from '../customers/amendment.ts'
import { historySubject } from '../customers/history.ts'
import { accountCustomerRoutes } from './account-customers.ts'
import { accountRoutes } from './accounts.ts'
import { adjustmentRoutes } from './adjustments.ts'
import { blockingRoutes } from './blocking.ts'
import { catalogueRoutes } from './catalogue.ts'
import { claimRoutes } from './claims.ts'
import { contactRoutes } from './contacts.ts'
import { creditRoutes } from './credit.ts'
import { customerRoutes } from './customers.ts'
import { documentCheckRoutes } from './document-check.ts'
import { noticeRoutes } from './notices.ts'
import { recordRoutes } from './records.ts'
import { searchRoutes } from './search.ts'
import { statementRoutes } from './statement.ts'

/** Closed when the file's tests are over. Calls are an admin's unless `more` says otherwise: `asCustomer(7)`, `as('staff.maria')`. */
export async function customersApp() {
  const parts = await testDatabase(new URL('../migrations/', import.meta.url))
  const log = pino({ level: 'silent' })
  const app = await httpApp({ title: 'cliente-service', description: '', version: '0', log, access })
  const { database, vault, unitOfWork } = parts
  const approvals = openApprovals({
    vault,
    clock: systemClock,
    ids: systemIds,
    policy: { everybodyAsks: false, livesForMs: 60_000 },
  })
  const limits = { adjustmentLimit: 1_000_000, creditLimit: 1_000_000, creditDays: 30 }
  const around = { database, vault, unitOfWork, clock: systemClock, ids: systemIds, approvals, ...limits }
  for (const add of [
    adjustmentRoutes,
    customerRoutes,
    accountRoutes,
    contactRoutes,
    accountCustomerRoutes,
    claimRoutes,
    noticeRoutes,
    searchRoutes,
    blockingRoutes,
    documentCheckRoutes,
    statementRoutes,
    catalogueRoutes,
    creditRoutes,
  ])
    add(around)(app)
  recordRoutes(around)(app)
  const kinds = [adjustmentKind(around), ...moneyKinds(around, '1')]
  approvalRoutes({ database, unitOfWork, vault, clock: systemClock, kinds })(app)
  historyRoute(around, historySubject)(app)
  await app.ready()
  after(() => app.close())

  async function call(method: 'GET' | 'POST' | 'PUT', url: string, body?: object | string, more = {}) {
    const headers = {
      authorization: 'Bearer admin.ada',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...more,
    }
    const answer = await app.inject({ method, url, headers, ...(body !== undefined && { payload: body }) })
    return { status: answer.statusCode, body: answer.json(), etag: answer.headers.etag as string }
  }

  async function register(money: { initial_balance?: number; credit_limit?: number; document?: string } = {}) {
    const { status, body } = await call('POST', '/customers', {
      name: 'Ana Souza',
      email: `ana-${randomBytes(8).toString('hex')}@example.com`,
      phone: '11987654321',
      document: generateCpf(),
      ...money,
    })
    assert.equal(status, 201, JSON.stringify(body))
    return body
  }

  /** Over the present version. */
  async function setMoney(id: number, body: object, more = {}) {
    const { etag } = await call('GET', `/customers/${id}`)
    return call('PUT', `/customers/${id}`, body, { 'if-match': etag, ...more })
  }

  return { ...parts, app, call, register, setMoney }
}

/** For the last parameter of `call`: a role and a subject. */
export const as = (token: string) => ({ authorization: `Bearer ${token}` })

/** For the last parameter of `call`. */
export const asCustomer = (id: number) => ({ authorization: `Bearer customer.${id}` })

const access: Access = {
  permissions: permissionsOf('cliente-service'),
  verify: (token) => Promise.try(callerOf, token),
}

function callerOf(token: string): Caller {
  if (token === 'staff') return { role: token }
  if (/^(identidade|avisos)-service$/.test(token)) return { role: 'service', subject: token }
  if (token === 'service') return { role: token, subject: 'orquestrador' }
  if (token === 'service.veiculo-service') return { role: 'service', subject: 'veiculo-service' }
  const [, role, subject, scope] = /^(staff|admin)\.(\w+?)(?:\.(seller))?$/.exec(token) ?? []
  if (role && subject) return { role: role as 'staff' | 'admin', subject, ...(scope && { scope: scope as 'seller' }) }
  const [, id] = /^customer\.(\d+)$/.exec(token) ?? []
  assert.ok(id)
  return { role: 'customer', customer_id: Number(id) }
}

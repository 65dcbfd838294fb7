/** The customers' routes on a database of their own, as the tests beside this file call them. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after } from 'node:test'
import { generateCpf } from '@brazilian-utils/brazilian-utils'
import { pino } from 'pino'
import { permissionsOf } from '#contracts'
import { systemClock } from '#platform/clock'
import { httpApp } from '#platform/http/app'
import type { Access } from '#platform/http/auth'
import { testDatabase } from '../../../tests/fixtures/database.ts'
import { accountRoutes } from './accounts.ts'
import { blockingRoutes } from './blocking.ts'
import { catalogueRoutes } from './catalogue.ts'
import { customerRoutes } from './customers.ts'
import { recordRoutes } from './records.ts'
import { searchRoutes } from './search.ts'
import { statementRoutes } from './statement.ts'

/** Closed when the file's tests are over. Calls are those of the staff unless `more` says otherwise: `asCustomer(7)`. */
export async function customersApp() {
  const parts = await testDatabase(new URL('../migrations/', import.meta.url))
  const log = pino({ level: 'silent' })
  const app = await httpApp({ title: 'cliente-service', description: '', version: '0', log, access })
  const around = { database: parts.database, vault: parts.vault, clock: systemClock }
  for (const add of [customerRoutes, accountRoutes, searchRoutes, blockingRoutes, statementRoutes, catalogueRoutes])
    add(around)(app)
  recordRoutes(around)(app)
  await app.ready()
  after(() => app.close())

  async function call(method: 'GET' | 'POST' | 'PUT', url: string, body?: object | string, more = {}) {
    const headers = {
      authorization: 'Bearer staff',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...more,
    }
    const answer = await app.inject({ method, url, headers, ...(body !== undefined && { payload: body }) })
    return { status: answer.statusCode, body: answer.json(), etag: answer.headers.etag as string }
  }

  async function register(money: { initial_balance?: number; credit_limit?: number } = {}) {
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

  return { ...parts, app, call, register }
}

/** For the last parameter of `call`. */
export const asCustomer = (id: number) => ({ authorization: `Bearer customer.${id}` })

const access: Access = {
  permissions: permissionsOf('cliente-service'),
  verify: async (token) => {
    if (token === 'staff' || token === 'service') return { role: token }
    const [, id] = /^customer\.(\d+)$/.exec(token) ?? []
    assert.ok(id)
    return { role: 'customer', customer_id: Number(id) }
  },
}

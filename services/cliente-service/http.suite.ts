/** The customers' routes on a database of their own, as the tests beside this file call them. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after } from 'node:test'
import { generateCpf } from '@brazilian-utils/brazilian-utils'
import { pino } from 'pino'
import { identify, type Keyring } from '#platform/auth'
import { systemClock } from '#platform/clock'
import { httpApp } from '#platform/http'
import { testDatabase } from '../../tests/database.ts'
import { customerRoutes } from './http.ts'

/** Closed when the file's tests are over. `Bearer staff` is a member of the staff. */
export async function customersApp() {
  const parts = await testDatabase(new URL('./migrations/', import.meta.url))
  const app = await httpApp({ title: 'cliente-service', description: '', version: '0', log: pino({ level: 'silent' }) })
  app.addHook('onRequest', identify(staffOnly))
  customerRoutes({ database: parts.database, clock: systemClock })(app)
  await app.ready()
  after(() => app.close())

  async function call(method: 'GET' | 'POST' | 'PUT', url: string, body?: object | string, more = {}) {
    const headers = { ...(body !== undefined && { 'content-type': 'application/json' }), ...more }
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

const staffOnly: Keyring = {
  verify: async (token) => {
    assert.equal(token, 'staff')
    return { role: 'staff' }
  },
  sign: async () => 'staff',
}

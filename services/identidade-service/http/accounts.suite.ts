/** The routes of accounts on a database of their own, with a browser's cookies, and the codes that would be mailed. */

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { after } from 'node:test'
import { generateCpf } from '@brazilian-utils/brazilian-utils'
import { pino } from 'pino'
import { type Message, permissionsOf } from '#contracts'
import { openApprovals } from '#host'
import { turns } from '#platform/batching/turns'
import { systemClock, systemIds } from '#platform/clock'
import { readConfig } from '#platform/config'
import { httpApp } from '#platform/http/app'
import type { Caller } from '#platform/http/auth'
import { testDatabase } from '../../../tests/fixtures/database.ts'
import { findNotice } from '../notices/notice-store.ts'
import { identidadeService } from '../service.ts'

const ORIGIN = 'http://localhost:8000'
export const PASSWORD = 'três carros na garagem'

interface Peer {
  /** What cliente-service answers to `PUT /account-customers/:id`. */
  answer: (account_id: string, body: Record<string, unknown>) => { status: number; content: unknown }
  /** Its answers to the other paths, by the word after the account: `claimable`, `claim`, `email`. */
  readonly others: Map<
    string,
    (account_id: string, body: Record<string, unknown>) => { status: number; content: unknown }
  >
  readonly asked: string[]
}

/** Closed when the file's tests are over. */
export async function accountsApp(environment: Record<string, string> = {}) {
  const parts = await testDatabase(new URL('../migrations/', import.meta.url))
  const cliente = await clienteService()
  const { PUBLIC_ORIGIN: origin = ORIGIN } = environment
  const config = readConfig({ PUBLIC_ORIGIN: ORIGIN, RATE_LIMIT_GUESSES: '1000', ...environment })
  const wiring = identidadeService.wire({
    ...parts,
    config,
    clock: systemClock,
    ids: systemIds,
    log: pino({ level: 'silent' }),
    addressOf: () => cliente.url,
    serviceToken: async () => 'service',
    turns: turns(),
    approvals: openApprovals({
      vault: parts.vault,
      clock: systemClock,
      ids: systemIds,
      policy: { everybodyAsks: false, livesForMs: 86_400_000 },
    }),
  })
  const verify = (token: string) => Promise.try(callerOf, token)
  const access = { verify, permissions: permissionsOf('identidade-service') }
  const app = await httpApp({
    title: 'identidade-service',
    description: '',
    version: '0',
    log: pino({ level: 'silent' }),
    access,
  })
  wiring.routes(app)
  await app.ready()
  const running = wiring.start?.()
  after(async () => {
    await running?.[Symbol.asyncDispose]()
    await app.close()
    await cliente.close()
  })

  /** A browser: keeps its cookies, and says where its posts come from. */
  function browser(address = '203.0.113.7') {
    const cookies = new Map<string, string>()
    async function call(
      method: 'GET' | 'POST' | 'PUT' | 'DELETE',
      url: string,
      body?: object,
      more: Record<string, string> = {},
    ) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      const answer = await app.inject({
        method,
        url,
        remoteAddress: address,
        headers: {
          origin,
          'user-agent': 'Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0',
          ...(cookie && { cookie }),
          ...(body && { 'content-type': 'application/json' }),
          ...more,
        },
        ...(body && { payload: JSON.stringify(body) }),
      })
      for (const { name, value, maxAge } of answer.cookies) {
        if (maxAge === 0) cookies.delete(name)
        else cookies.set(name, value)
      }
      return {
        status: answer.statusCode,
        body: answer.body ? answer.json() : undefined,
        headers: answer.headers,
        setCookies: answer.cookies,
      }
    }
    return { call, cookies }
  }

  /** The newest notice of a kind that would be mailed to this address. */
  async function mailed(email: string, kind: string): Promise<Readonly<Record<string, string>>> {
    for (const { transaction_id } of parts.sent.toReversed()) {
      const notice = await findNotice(parts.database, parts.vault, transaction_id)
      if (notice?.email === email && notice.kind === kind) return notice.content
    }
    return assert.fail(`nothing of ${kind} was to be mailed`)
  }

  let signedUp = 0

  /** A browser that has signed up from an address of its own, with the code from the mail. */
  async function signUp(given: { email?: string; password?: string; document?: string } = {}) {
    const { email = addressOfSomebody(), password = PASSWORD, document = generateCpf() } = given
    signedUp += 1
    const person = browser(`198.51.100.${signedUp}`)
    const asked = await person.call('POST', '/auth/sign-up/email', registration({ email, password, document }))
    assert.equal(asked.status, 200, JSON.stringify(asked.body))
    const { code } = await mailed(email, 'sign_up_code')
    const proven = await person.call('POST', '/auth/sign-up/verify', { sign_up_id: asked.body.sign_up_id, code })
    assert.equal(proven.status, 200, JSON.stringify(proven.body))
    return {
      ...person,
      email,
      password,
      document,
      account_id: proven.body.account_id,
      customer_id: proven.body.customer_id,
    }
  }

  /** Delivers a message of another service. */
  async function take(message: Message) {
    const receiver = wiring.handlers.find((one) => 'handle' in one && one.contract.topic === message.type)
    if (!receiver || !('handle' in receiver)) throw new Error(`nobody here takes ${message.type}`)
    await parts.unitOfWork((tx, send) => receiver.handle(tx, [message], send))
  }

  return { ...parts, app, browser, mailed, signUp, cliente, take }
}

export const addressOfSomebody = () => `ana-${randomBytes(6).toString('hex')}@example.com`

export const registration = (more: object = {}) => ({
  name: 'Ana Souza',
  document: generateCpf(),
  birth_date: '1990-03-01',
  email: addressOfSomebody(),
  phone: '(11) 98765-4321',
  password: PASSWORD,
  ...more,
})

/** cliente-service as an account's customer sees it: numbers them, and remembers which account has which. */
async function clienteService(): Promise<Peer & { url: string; close(): Promise<unknown> }> {
  const known = new Map<string, number>()
  const asked: string[] = []
  const peer: Peer = {
    asked,
    others: new Map(),
    answer: (account_id) => {
      const customer_id = known.get(account_id) ?? known.size + 1
      known.set(account_id, customer_id)
      return { status: 200, content: { customer_id } }
    },
  }
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const piece of request) text += piece
    const [, , account_id = '', what = ''] = request.url?.split('/') ?? []
    asked.push(account_id)
    const answer = what === '' ? peer.answer : peer.others.get(what)
    const { status, content } = answer?.(account_id, text ? JSON.parse(text) : {}) ?? { status: 404, content: {} }
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const close = () =>
    new Promise((resolve) => {
      server.closeAllConnections()
      server.close(resolve)
    })
  return Object.assign(peer, { url: `http://127.0.0.1:${port}`, close })
}

function callerOf(token: string): Caller {
  if (token === 'service' || token === 'admin' || token === 'staff') return { role: token, subject: `${token}-1` }
  if (token.startsWith('admin.')) return { role: 'admin', subject: token.slice('admin.'.length) }
  if (token === 'avisos-service') return { role: 'service', subject: token }
  throw new Error('no token')
}

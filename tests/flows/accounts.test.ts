/** People and the whole system: the first admin, a buyer whom the counter knows, their mails, and the deletion of an account. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { generateCpf } from '@brazilian-utils/brazilian-utils'
import { testServer } from '../fixtures/database.ts'
import { CLIENTE, startSystem, until } from '../fixtures/system.ts'

const ORIGIN = 'http://localhost:8000'
const PASSWORD = 'três carros na garagem'
const CODE = /^ {4}(\d{6})$/m
const DATABASE_PREFIX = `t${randomUUID().slice(0, 8)}_`
const api = await startSystem({ DATABASE_PREFIX, PUBLIC_ORIGIN: ORIGIN })

const addressOfSomebody = () => `rosa-${randomUUID()}@example.com`

/** A browser that `web` asks for. */
function browser() {
  const cookies = new Map<string, string>()
  return async (method: string, path: string, body?: object) => {
    const response = await fetch(`${api.system.addressOf('identidade-service')}${path}`, {
      method,
      headers: {
        origin: ORIGIN,
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [name = '', value = ''] = cookie.split(';')[0]?.split(/=(.*)/s) ?? []
      cookies.set(name, value)
    }
    // biome-ignore lint/suspicious/noExplicitAny: whatever the API answers; the assertions say what it should be
    return { status: response.status, body: (await response.json()) as any }
  }
}
type Browser = ReturnType<typeof browser>

const mailed = (email: string, pattern: RegExp): Promise<string> =>
  until(`a mail to ${email}`, async () => {
    const { body } = await api.call('avisos-service', 'GET', '/mails')
    const found = body.mails.find((mail: { to: string; text: string }) => mail.to === email && pattern.test(mail.text))
    return found && (pattern.exec(found.text)?.[1] ?? found.text)
  })

async function signUp(email: string, document: string): Promise<Browser> {
  const person = browser()
  const given = { name: 'Rosa Lima', document, birth_date: '1960-03-01', phone: '11987654321' }
  const asked = await person('POST', '/auth/sign-up/email', { ...given, email, password: PASSWORD })
  const code = await mailed(email, CODE)
  const proven = await person('POST', '/auth/sign-up/verify', { sign_up_id: asked.body.sign_up_id, code })
  assert.equal(proven.status, 200, JSON.stringify(proven.body))
  return person
}

const tokenOf = async (person: Browser) => {
  const { status, body } = await person('GET', '/auth/token')
  assert.equal(status, 200, JSON.stringify(body))
  return { authorization: `Bearer ${body.token}` }
}

const run = promisify(execFile)
const staff = (...words: string[]) =>
  run(process.execPath, [fileURLToPath(new URL('../../app/staff.ts', import.meta.url)), ...words], {
    env: {
      ...process.env,
      DATABASE_URL: testServer(),
      DATABASE_PREFIX,
      DATA_DIR: api.directory,
      PUBLIC_ORIGIN: ORIGIN,
    },
  })

test('the first admin comes in by the link that the command prints, once, and lets the others in', async () => {
  const email = addressOfSomebody()
  const add = ['add', '--name', 'Dora Dona', '--email', email, '--role', 'admin']
  const { stdout } = await staff(...add)
  const [, token] = /^http:\/\/localhost:8000\/convite\/([\w-]{43})\n$/.exec(stdout) ?? []
  assert.ok(token, stdout)
  const dora = browser()
  assert.equal((await dora('POST', '/auth/accept-invitation', { token, password: PASSWORD })).status, 200)
  assert.equal((await browser()('POST', '/auth/accept-invitation', { token, password: PASSWORD })).status, 404)
  const invited = { name: 'Nina Alves', email: addressOfSomebody(), role: 'staff' }
  const asked = await api.call('gateway', 'POST', '/staff/invitations', invited, await tokenOf(dora))
  assert.equal(asked.status, 201, JSON.stringify(asked.body))
  await assert.rejects(staff(...add), ({ code, stderr }) => code === 1 && /has an account already/.test(stderr))
  await assert.rejects(staff(...add, '--document', '111'), ({ code }) => code === 2)
})

test('whoever proves the contact of a record from the counter gets the record, with its balance', async () => {
  const [document, email] = [generateCpf(), addressOfSomebody()]
  const given = { name: 'Rosa Lima', phone: '11987654321', document, email, initial_balance: 50_000 }
  const { body: rosa } = await api.call(CLIENTE, 'POST', '/customers', given)
  const proof = { email, reason: 'Opened her mailbox at the counter' }
  assert.equal((await api.call(CLIENTE, 'POST', `/customers/${rosa.id}/contact-proofs`, proof)).status, 200)

  const person = await signUp(addressOfSomebody(), document)
  assert.equal((await person('GET', '/auth/token')).body.customer, 'to_be_claimed')
  assert.equal((await person('POST', '/auth/claim/code', { document })).status, 200)
  const claimed = await person('POST', '/auth/claim', { document, code: await mailed(email, CODE) })
  assert.deepEqual([claimed.status, claimed.body], [200, { customer_id: rosa.id }])
  const own = await api.call(CLIENTE, 'GET', `/customers/${rosa.id}`, undefined, await tokenOf(person))
  assert.deepEqual([own.status, own.body.account_balance], [200, 50_000])
})

test('people are told that their data was copied, and an account is deleted with its person', async () => {
  const email = addressOfSomebody()
  const person = await signUp(email, generateCpf())
  const me = (await person('GET', '/me')).body
  const own = await tokenOf(person)
  const copy = await api.call(CLIENTE, 'GET', `/customers/${me.customer_id}/personal-data`, undefined, own)
  assert.equal(copy.status, 200)
  assert.match(await mailed(email, /cópia/), /cópia/)
  assert.equal((await api.call(CLIENTE, 'DELETE', `/customers/${me.customer_id}`, undefined, own)).status, 202)
  await until('the account is gone', async () => (await person('GET', '/me')).status === 401)
  const again = await browser()('POST', '/auth/sign-in/email', { email, password: PASSWORD })
  assert.equal(again.status, 401)
  await until('the erasure is complete', async () => {
    const { body } = await api.call(CLIENTE, 'GET', `/customers/${me.customer_id}/erasure`)
    return body.status === 'COMPLETED'
  })
})

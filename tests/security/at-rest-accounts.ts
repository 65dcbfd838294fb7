/** The traces of accounts, for the test that none of them is readable: sign-ups, sessions, factors, invitations, mails. */
import assert from 'node:assert/strict'
import { generateCpf } from '@brazilian-utils/brazilian-utils'
import { CLIENTE, type startSystem, until } from '../fixtures/system.ts'

export const ORIGIN = 'http://localhost:8000'
const BROWSER = 'Mozilla/5.0 (Macintosh; rv:77.0) Gecko/20100101 Firefox/777.0'

/** A call as our own pages make it, with the cookie of the session. */
const pagesOf =
  (api: System) =>
  async (method: 'GET' | 'POST', path: string, body?: object, cookie = '') => {
    const response = await fetch(`${api.system.addressOf('identidade-service')}${path}`, {
      method,
      headers: {
        origin: ORIGIN,
        'user-agent': BROWSER,
        cookie,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    const cookies = response.headers.getSetCookie().map((one) => one.split(';')[0] ?? '')
    return { status: response.status, body: await response.json(), cookie: cookies.join('; ') }
  }

/** The text of a mail to this address, as development shows it. */
const mailOf = (api: System, email: string, pattern: RegExp): Promise<string> =>
  until(`a mail to ${email} is kept`, async () => {
    const { body } = await api.call('avisos-service', 'GET', '/mails')
    const found = body.mails.find((mail: { to: string; text: string }) => mail.to === email && pattern.test(mail.text))
    return found && pattern.exec(found.text)?.[1]
  })

/** Puts a value among those that are searched for, and returns it. */
export type Secret = (what: string, value: string, ...otherForms: string[]) => string

type System = Awaited<ReturnType<typeof startSystem>>

/**
 * An account that signs up, changes its e-mail and has a second factor; a member of staff; and a person who never finished
 * signing up.
 */
export async function accountsThatLeaveTraces(api: System, secret: Secret): Promise<void> {
  secret('browser', BROWSER, 'Firefox, macOS')
  const ask = pagesOf(api)
  const mailed = (email: string, pattern: RegExp) => mailOf(api, email, pattern)
  const code = /^ {4}(\d{6})$/m
  const cpf = generateCpf()
  const mother = generateCpf()
  const password = secret('password', 'oito patas e um cavalo roxo')
  const registration = {
    name: secret('name of an account', 'Filomena Aldrovandi Xis'),
    email: secret('e-mail of an account', 'filomena.xis@correio-secreto.example.com'),
    phone: secret('phone of an account', '21991735999', '+5521991735999'),
    document: secret('document of an account', cpf),
    birth_date: '2012-07-14',
    password,
    representative: { name: secret('a mother', 'Leocádia Aldrovandi Xis'), document: secret('her document', mother) },
  }
  const waiting = secret('e-mail of one who only asked', 'quase.xis@correio-secreto.example.com')
  const only = { ...registration, email: waiting, document: generateCpf() }
  assert.equal((await ask('POST', '/auth/sign-up/email', only)).status, 200)
  const asked = await ask('POST', '/auth/sign-up/email', registration)
  const sign_up_id = asked.body.sign_up_id
  const proven = await ask('POST', '/auth/sign-up/verify', { sign_up_id, code: await mailed(registration.email, code) })
  assert.equal(proven.status, 200, JSON.stringify(proven.body))
  const { cookie } = proven
  assert.equal((await ask('GET', '/auth/token', undefined, cookie)).status, 200)

  const email = secret('changed e-mail', 'filomena.nova@correio-secreto.example.com')
  await ask('POST', '/auth/email-otp/request-email-change', { email }, cookie)
  const otp = await mailed(email, code)
  assert.equal((await ask('POST', '/auth/email-otp/change-email', { email, otp }, cookie)).status, 200)
  assert.equal((await ask('POST', '/auth/two-factor/enable', { password }, cookie)).status, 200)

  const corrected = { email: secret('e-mail by the counter', 'filomena.loja@correio-secreto.example.com') }
  assert.equal((await api.call(CLIENTE, 'PUT', `/customers/${proven.body.customer_id}`, corrected)).status, 200)

  const staff = {
    name: secret('name of staff', 'Gumercindo Tavares Ypsilon'),
    email: secret('e-mail of staff', 'gumercindo@correio-secreto.example.com'),
    document: secret('document of staff', generateCpf()),
    role: 'staff',
  }
  assert.equal((await api.call('identidade-service', 'POST', '/staff/invitations', staff)).status, 201)
  const token = secret('an invitation', await mailed(staff.email, /\/convite\/([\w-]{43})/))
  const accepted = await ask('POST', '/auth/accept-invitation', { token, password })
  assert.equal(accepted.status, 200, JSON.stringify(accepted.body))
  await ask('GET', '/auth/token', undefined, accepted.cookie)
  const invited = {
    name: staff.name,
    email: secret('one invited', 'convidada@correio-secreto.example.com'),
    role: 'staff',
  }
  assert.equal((await api.call('identidade-service', 'POST', '/staff/invitations', invited)).status, 201)
}

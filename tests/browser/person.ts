/** Visitors of the shop: they sign up as people do, with codes from the mails that development keeps. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { generateCpf } from '@brazilian-utils/brazilian-utils'
import type { BrowserContext } from 'playwright-core'
import { until } from '../fixtures/system.ts'
import type { Shop } from './shop.ts'

export const PASSWORD = 'três carros na garagem'

export interface Person {
  readonly email: string
  readonly customer_id: number
  /** Gives a browser the session that a sign-in would. */
  enter(context: BrowserContext): Promise<void>
}

/** Makes a person, with money as the counter would enter it. */
export async function person(
  { api, origin }: Shop,
  money: { balance?: number; credit?: number } = {},
): Promise<Person> {
  const identity = api.system.addressOf('identidade-service')
  const ask = (path: string, body: object) =>
    fetch(identity + path, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const email = `ana.${randomBytes(6).toString('hex')}@example.com`
  const registration = {
    name: 'Ana Souza Lima',
    document: generateCpf(),
    birth_date: '1990-03-01',
    phone: '(11) 98765-4321',
  }
  const begun = await ask('/auth/sign-up/email', { ...registration, email, password: PASSWORD })
  const { sign_up_id } = (await begun.json()) as { sign_up_id: string }
  const code = await codeFor({ api }, email)
  const proven = await ask('/auth/sign-up/verify', { sign_up_id, code })
  const { customer_id } = (await proven.json()) as { customer_id: number }
  assert.ok(customer_id, 'the account has a customer')
  if (money.balance || money.credit) await give({ api }, customer_id, money)
  return { email, customer_id, enter: entering(proven, origin) }
}

/** Makes a member of staff, invited by an admin. */
export async function member(
  { api, origin }: Shop,
  wanted: { readonly role: 'staff' | 'admin'; readonly scope?: 'seller' | 'operator'; readonly name: string },
): Promise<Pick<Person, 'email' | 'enter'>> {
  const email = `equipe.${randomBytes(6).toString('hex')}@example.com`
  const invited = await api.call('identidade-service', 'POST', '/staff/invitations', { ...wanted, email })
  assert.equal(invited.status, 201, JSON.stringify(invited.body))
  const token = await mailed({ api }, email, /\/convite\/([\w-]{43})/)
  const accepted = await fetch(`${api.system.addressOf('identidade-service')}/auth/accept-invitation`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body: JSON.stringify({ token, password: PASSWORD }),
  })
  assert.equal(accepted.status, 200)
  return { email, enter: entering(accepted, origin) }
}

/** Gives a browser the session of a sign-in. */
function entering(answer: Response, origin: string): Person['enter'] {
  const cookies = answer.headers.getSetCookie().map((cookie) => {
    const [pair = ''] = cookie.split(';')
    return {
      name: pair.slice(0, pair.indexOf('=')),
      value: pair.slice(pair.indexOf('=') + 1),
      url: origin,
      httpOnly: /;\s*httponly/i.test(cookie),
    }
  })
  return (context) => context.addCookies(cookies)
}

/** The newest six digits that were mailed to an address. */
export const codeFor = (shop: Pick<Shop, 'api'>, email: string): Promise<string> => mailed(shop, email, /\b(\d{6})\b/)

/** The text of the newest mail to an address, once it is there. */
export function mailed({ api }: Pick<Shop, 'api'>, email: string, pattern: RegExp): Promise<string> {
  return until(`a mail to ${email} says ${pattern}`, async () => {
    const { body } = await api.call('avisos-service', 'GET', '/mails')
    const mails = (body.mails as object[]).map((mail) => JSON.stringify(mail)).filter((text) => text.includes(email))
    return mails.map((text) => pattern.exec(text)?.[1]).find((found) => found !== undefined)
  })
}

async function give(
  { api }: Pick<Shop, 'api'>,
  id: number,
  { balance, credit }: { balance?: number; credit?: number },
) {
  const answer = await fetch(`${api.system.addressOf('cliente-service')}/customers/${id}`, {
    headers: await api.as({ role: 'admin' }),
  })
  const { status, body } = await api.call(
    'cliente-service',
    'PUT',
    `/customers/${id}`,
    {
      ...(balance !== undefined && { initial_balance: balance }),
      ...(credit !== undefined && { credit_limit: credit }),
    },
    { 'if-match': answer.headers.get('etag') ?? '' },
  )
  assert.equal(status, 200, JSON.stringify(body))
}

/**
 * The only file that knows cookies and tokens. A browser holds a cookie that it cannot read; with it identidade-service is
 * asked for a token of five minutes, which goes to the other services and never to the page.
 */
import { redirect } from 'react-router'
import { lifetime } from '#platform/lifetime'
import { type Asked, visitContext } from './visit.server.ts'

const IDENTITY = 'identidade-service'

export interface Person {
  readonly account_id: string | null
  readonly role: 'customer' | 'staff' | 'admin' | 'service'
  readonly scope: 'seller' | 'operator' | null
  readonly customer_id: number | null
  /** `to_be_claimed`: the counter registered this document or e-mail before. */
  readonly customer: 'there' | 'being_made' | 'to_be_claimed' | 'none'
  readonly email: string | null
  readonly name: string | null
  readonly second_factor: { readonly totp: boolean; readonly passkeys: number; readonly required: boolean }
}

interface Known {
  /** Measured by the wall clock too: the token ends by that clock, and the machine may have been asleep. */
  readonly isGood: () => boolean
  readonly person: Promise<Person | undefined>
  token?: Promise<string | undefined>
}

/** How long the answer about a cookie is remembered: an ended session may live on here for this time. */
const REMEMBERED_MS = 30_000
/** The most that are remembered; beyond that the oldest are forgotten and asked for anew. */
const REMEMBERED_MOST = 20_000
const known = new Map<string, Known>()

/** Who is signed in; undefined: nobody, or nobody can tell at the moment. */
export async function personOf(asked: Asked): Promise<Person | undefined> {
  return await knownOf(asked)?.person.catch(() => undefined)
}

/** A token for a request to a service; undefined: nobody is signed in. */
export async function tokenOf(asked: Asked): Promise<string | undefined> {
  const found = knownOf(asked)
  if (!found) return undefined
  found.token ??= freshToken(asked)
  return await found.token
}

/** A token that is not from memory: identidade-service is asked now whether the session is still good. */
export async function freshToken(asked: Asked): Promise<string | undefined> {
  const answer = await ask(asked, 'GET', '/auth/token')
  return answer.ok ? (answer.content as { token: string }).token : undefined
}

/** The customer who is signed in. Anybody else is asked to sign in, and then comes back. */
export async function expectCustomer(asked: Asked): Promise<{ readonly id: number; readonly person: Person }> {
  const person = await expectSomebody(asked)
  if (person.customer_id === null) throw redirect(person.role === 'customer' ? '/conta/cadastro' : '/painel')
  return { id: person.customer_id, person }
}

/** Anybody who is signed in. */
export async function expectSomebody(asked: Asked): Promise<Person> {
  const person = await knownOf(asked)?.person
  if (!person) throw redirect(`/entrar?volta=${encodeURIComponent(pathOf(asked))}`)
  return person
}

/**
 * The member of staff or admin who is signed in. For a customer there is no such page. The services decide what each may
 * do.
 */
export async function expectStaff(asked: Asked): Promise<Person> {
  const person = await expectSomebody(asked)
  if (person.role !== 'staff' && person.role !== 'admin') throw new Response(null, { status: 404 })
  const { totp, passkeys, required } = person.second_factor
  if (required && !totp && passkeys === 0) throw redirect('/conta/seguranca')
  return person
}

const pathOf = ({ request }: Asked) => {
  const { pathname, search } = new URL(request.url)
  return pathname.replace(/\.data$/, '').replace(/\/eventos$/, '') + search.replace(/[?&]_routes=[^&]*/, '')
}

function knownOf(asked: Asked): Known | undefined {
  const cookie = asked.request.headers.get('cookie') ?? ''
  if (!/\bmercado\.session/.test(cookie)) return undefined
  const before = known.get(cookie)
  if (before?.isGood()) return before
  const found: Known = { isGood: lifetime(REMEMBERED_MS), person: askWho(asked) }
  known.delete(cookie)
  known.set(cookie, found)
  found.person.catch(() => known.delete(cookie)) // asked anew: the service was away, the session is as it was
  if (known.size > REMEMBERED_MOST) known.delete(known.keys().next().value ?? '')
  return found
}

async function askWho(asked: Asked): Promise<Person | undefined> {
  const answer = await ask(asked, 'GET', '/me')
  if (answer.status >= 500) throw new Response(null, { status: 503 })
  if (!answer.ok) return undefined
  const person = answer.content as Person
  return { ...person, name: person.name ?? (await nameOf(asked, person.customer_id)) }
}

/** A customer's name is kept with the customer. */
async function nameOf({ request, context }: Asked, customer_id: number | null): Promise<string | null> {
  if (customer_id === null) return null
  const { settings, address } = context.get(visitContext)
  const token = await freshToken({ request, context })
  const response = await fetch(`${settings.addressOf('cliente-service')}/customers/${customer_id}`, {
    headers: { authorization: `Bearer ${token ?? ''}`, 'x-forwarded-for': address },
    signal: AbortSignal.any([request.signal, AbortSignal.timeout(3_000)]),
  }).catch(() => undefined)
  return response?.ok ? ((await response.json()) as { name: string }).name : null
}

export interface IdentityAnswer {
  readonly ok: boolean
  readonly status: number
  readonly content: unknown
  /** The name of the refusal: `wrong_code`, `sign_in_refused`, … */
  readonly problem: string
  /** The wrong fields, each with a message. */
  readonly errors: readonly { readonly path: string; readonly message: string }[]
  /** To set in the browser with the answer. */
  readonly cookies: Headers
}

/** Asks identidade-service in the browser's name: for signing in and out, and for everything about an account. */
export async function ask(
  { request, context }: Asked,
  method: 'GET' | 'POST',
  path: string,
  body?: Readonly<Record<string, unknown>>,
): Promise<IdentityAnswer> {
  const { settings, address } = context.get(visitContext)
  const { headers: given } = request
  const response = await fetch(settings.addressOf(IDENTITY) + path, {
    method,
    headers: {
      origin: settings.publicOrigin, // posts of another origin did not get so far
      'x-forwarded-for': address,
      cookie: given.get('cookie') ?? '',
      'user-agent': given.get('user-agent') ?? '',
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.any([request.signal, AbortSignal.timeout(10_000)]),
  }).catch(() => {
    throw new Response(null, { status: 503 })
  })
  const content: unknown = await response.json().catch(() => null)
  const { type = '', errors = [] } = (content ?? {}) as { type?: string; errors?: IdentityAnswer['errors'] }
  const cookies = new Headers(response.headers.getSetCookie().map((cookie) => ['set-cookie', cookie]))
  return { ok: response.ok, status: response.status, content, problem: type.split(':').at(-1) ?? '', errors, cookies }
}

/** Forgets what is remembered of a session, because it has changed. */
export function forget({ request }: Asked): void {
  known.delete(request.headers.get('cookie') ?? '')
}

/** A path of this site, as given in an address; anything else leads to the account. */
export function localPath(text: string | null, otherwise = '/conta'): string {
  if (!text?.startsWith('/') || /^\/[/\\]/.test(text) || /[\\\s]/.test(text)) return otherwise
  return text
}

/** The routes of sessions: the token for a session, its owner, and the list of the owner's sessions. */
import { symmetricDecrypt } from 'better-auth/crypto'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { Timestamp } from '#contracts'
import { answers } from '#platform/http/app'
import { callerOf } from '#platform/http/auth'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import { type Account, findAccount, openPerson } from '../accounts/account-store.ts'
import { endOtherSessions, endSession, listSessions } from '../accounts/session-store.ts'
import { tieClaimed } from '../claims/claim.ts'
import { makeCustomer } from '../sign-up/customers.ts'
import { lookUpOwnRecord } from '../staff/own-record.ts'
import { askLibrary, expectSession, sessionOf } from './ask-library.ts'
import type { RouteParts } from './parts.ts'
import { Done, done } from './sign-in.ts'

const tags = ['sessions']
const TokenAnswer = Type.Object(
  { token: Type.String(), expires_in: Type.Integer({ description: 'Seconds' }) },
  { title: 'Token' },
)
const TOKEN_LIVES_SECONDS = 300

const Me = Type.Object(
  {
    account_id: Type.Union([Type.String(), Type.Null()], { description: 'null: a token of another issuer' }),
    role: Type.Enum(['customer', 'staff', 'admin', 'service']),
    scope: Type.Union([Type.Enum(['seller', 'operator']), Type.Null()]),
    customer_id: Type.Union([Type.Integer(), Type.Null()]),
    customer: Type.Enum(['there', 'being_made', 'to_be_claimed', 'none'], {
      description: '`to_be_claimed`: the counter has registered this document or e-mail before',
    }),
    email: Type.Union([Type.String(), Type.Null()]),
    name: Type.Union([Type.String(), Type.Null()]),
    second_factor: Type.Object({ totp: Type.Boolean(), passkeys: Type.Integer(), required: Type.Boolean() }),
  },
  { title: 'Me' },
)

const Session = Type.Object(
  {
    id: Type.String(),
    browser: Type.String({ description: 'As in `Firefox, Windows`; empty where it is not known' }),
    way: Type.Enum(['password', 'totp', 'passkey']),
    created_at: Timestamp,
    expires_at: Timestamp,
    current: Type.Boolean(),
  },
  { title: 'Session' },
)

type SessionParts = RouteParts & { readonly secret: string }

export const sessionRoutes = (parts: SessionParts) => (app: HttpApp) => {
  app.get('/auth/token', { schema: giveTokenSchema }, giveToken(parts))
  app.get('/auth/jwks', { schema: showKeysSchema }, showKeys(parts))
  app.get('/me', { schema: showMeSchema }, showMe(parts))
  app.get('/auth/list-sessions', { schema: showSessionsSchema }, showSessions(parts))
  app.post('/auth/revoke-session', { schema: revokeSessionSchema }, revokeSession(parts))
  app.post('/auth/revoke-other-sessions', { schema: revokeOtherSessionsSchema }, revokeOtherSessions(parts))
}

const giveTokenSchema = {
  summary: 'A token of five minutes for the other services, by the session',
  tags,
  response: answers({ 200: TokenAnswer }, 'session_missing', 'account_without_customer', 'second_factor_required'),
}

const giveToken =
  (parts: RouteParts): Handler<typeof giveTokenSchema> =>
  async (request, reply) => {
    const { database, library, secondFactorOfStaff } = parts
    const session = await expectSession(library, request)
    const account = await findAccount(database, session.user_id)
    if (!account || account.deactivated_at) throw new Problem('session_missing')
    if (account.role === 'customer') await expectCustomer(parts, account)
    else if (secondFactorOfStaff && session.way === 'password') throw new Problem('second_factor_required')
    else await lookUpOwnRecord(parts, session.user_id).catch(parts.onError)
    const { token } = (await askLibrary(parts, request, reply, '/token')) as { token: string }
    reply.header('cache-control', 'no-store')
    return { token, expires_in: TOKEN_LIVES_SECONDS }
  }

/** A customer that could not be made together with the account is made now, if possible. */
async function expectCustomer(parts: RouteParts, { customer_id, registration_refused, user_id }: Account) {
  if (customer_id !== null) return
  if (registration_refused) await tieClaimed(parts, user_id).catch(parts.onError)
  else await makeCustomer(parts, user_id).catch(parts.onError)
  const after = await findAccount(parts.database, user_id)
  if (after?.customer_id === null) throw new Problem('account_without_customer', { customer: standingOf(after) })
}

const showKeysSchema = {
  summary: 'The public keys that people’s tokens are checked with',
  tags,
  response: answers({ 200: Type.Object({ keys: Type.Array(Type.Record(Type.String(), Type.Unknown())) }) }),
}

const showKeys =
  (parts: RouteParts): Handler<typeof showKeysSchema> =>
  async (request, reply) => {
    reply.header('cache-control', 'public, max-age=300')
    return (await askLibrary(parts, request, reply, '/jwks')) as { keys: Record<string, unknown>[] }
  }

const showMeSchema = {
  summary: 'Who is asking, by a session or a token',
  tags,
  response: answers({ 200: Me }, 'session_missing', 'bad_token'),
}

const showMe =
  (parts: RouteParts): Handler<typeof showMeSchema> =>
  (request) =>
    whoAsks(parts, request)

async function whoAsks(parts: RouteParts, request: FastifyRequest) {
  const { database, library, secondFactorOfStaff } = parts
  const { role, subject, customer_id = null } = callerOf(request)
  const user_id = role === 'nobody' ? (await sessionOf(library, request))?.user_id : subject
  const account = user_id === undefined ? undefined : await findAccount(database, user_id)
  if (!account || account.deactivated_at) {
    if (role === 'nobody') throw new Problem('session_missing')
    const factor = { totp: false, passkeys: 0, required: false }
    const standing = customer_id === null ? ('none' as const) : ('there' as const)
    return { ...nobody, role, customer_id, customer: standing, second_factor: factor }
  }
  const person = await openPerson(database, parts, account.user_id)
  return {
    account_id: account.user_id,
    role: account.role,
    scope: account.scope,
    customer_id: account.customer_id,
    customer: standingOf(account),
    email: person?.email ?? null,
    name: person?.name ?? person?.registration?.name ?? null,
    second_factor: {
      totp: account.has_totp,
      passkeys: account.passkeys,
      required: secondFactorOfStaff && account.role !== 'customer',
    },
  }
}

const nobody = { account_id: null, scope: null, email: null, name: null }

function standingOf({
  role,
  customer_id,
  registration_refused,
}: Account): 'there' | 'being_made' | 'to_be_claimed' | 'none' {
  if (role !== 'customer') return 'none'
  if (customer_id !== null) return 'there'
  return registration_refused ? 'to_be_claimed' : 'being_made'
}

const showSessionsSchema = {
  summary: 'The account’s sessions',
  tags,
  response: answers({ 200: Type.Object({ sessions: Type.Array(Session) }) }, 'session_missing'),
}

const showSessions =
  ({ database, library, clock, secret }: SessionParts): Handler<typeof showSessionsSchema> =>
  async (request) => {
    const { user_id, session_id } = await expectSession(library, request)
    const found = await listSessions(database, user_id, clock.now())
    const sessions = await Promise.all(
      found.map(async ({ id, browser, way, created_at, expires_at }) => ({
        id,
        browser: await symmetricDecrypt({ key: secret, data: browser ?? '' }).catch(() => ''),
        way,
        created_at: created_at.toISOString(),
        expires_at: expires_at.toISOString(),
        current: id === session_id,
      })),
    )
    return { sessions }
  }

const revokeSessionSchema = {
  summary: 'Ends one of the account’s sessions',
  tags,
  body: Type.Object({ id: Type.String({ maxLength: 100 }) }, { additionalProperties: false }),
  response: answers({ 200: Done }, 'session_missing', 'validation_failed', 'foreign_origin'),
}

const revokeSession =
  ({ database, library }: RouteParts): Handler<typeof revokeSessionSchema> =>
  async (request) => {
    const { user_id } = await expectSession(library, request)
    await endSession(database, user_id, request.body.id)
    return done
  }

const revokeOtherSessionsSchema = {
  summary: 'Ends all of the account’s sessions but this one',
  tags,
  response: answers({ 200: Done }, 'session_missing', 'foreign_origin'),
}

const revokeOtherSessions =
  ({ database, library }: RouteParts): Handler<typeof revokeOtherSessionsSchema> =>
  async (request) => {
    const { user_id, session_id } = await expectSession(library, request)
    await endOtherSessions(database, user_id, session_id)
    return done
  }

/** All data held here about one customer's account, for cliente-service, which hands it to that person and records the reading. */
import { symmetricDecrypt } from 'better-auth/crypto'
import { Type } from 'typebox'
import { EntityId, Timestamp } from '#contracts'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import { findAccountOfCustomer, openPerson } from '../accounts/account-store.ts'
import { listSessions } from '../accounts/session-store.ts'
import type { RouteParts } from '../http/parts.ts'

type Parts = RouteParts & { readonly secret: string }

const Held = Type.Object({
  accounts: Type.Array(
    Type.Object({
      account_id: Type.String(),
      email: Type.String(),
      created_at: Timestamp,
      email_changed_at: Type.Union([Timestamp, Type.Null()]),
      has_authenticator: Type.Boolean(),
      passkeys: Type.Integer(),
      sessions: Type.Array(
        Type.Object({ browser: Type.String(), way: Type.String(), created_at: Timestamp, expires_at: Timestamp }),
      ),
    }),
  ),
})

export const personalDataRoutes = (parts: Parts) => (app: HttpApp) => {
  app.get('/personal-data', { schema: showHeldSchema }, showHeld(parts))
}

const showHeldSchema = {
  hide: true, // between services
  querystring: Type.Object({ customer_id: EntityId }),
  response: answers({ 200: Held }, 'validation_failed'),
}

/** Passwords, secrets and keys are left out: the person knows them, and others could use them. */
const showHeld =
  (parts: Parts): Handler<typeof showHeldSchema> =>
  async ({ query: { customer_id } }) => {
    const { database, clock, secret } = parts
    const account = await findAccountOfCustomer(database, customer_id)
    const person = account && (await openPerson(database, parts, account.user_id))
    if (!account || !person) return { accounts: [] }
    const sessions = await listSessions(database, account.user_id, clock.now())
    return {
      accounts: [
        {
          account_id: account.user_id,
          email: person.email,
          created_at: account.created_at.toISOString(),
          email_changed_at: account.email_changed_at?.toISOString() ?? null,
          has_authenticator: account.has_totp,
          passkeys: account.passkeys,
          sessions: await Promise.all(
            sessions.map(async ({ browser, way, created_at, expires_at }) => ({
              browser: await symmetricDecrypt({ key: secret, data: browser ?? '' }).catch(() => ''),
              way,
              created_at: created_at.toISOString(),
              expires_at: expires_at.toISOString(),
            })),
          ),
        },
      ],
    }
  }

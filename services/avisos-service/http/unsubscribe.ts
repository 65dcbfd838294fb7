/** Turns reminders off: by the signed link in a mail's head, with one click in a mail program (RFC 8058). */
import { Type } from 'typebox'
import { EntityId } from '#contracts'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database/database'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import { unsubscribe } from '../mails/mail-store.ts'

export interface UnsubscribeParts {
  readonly database: Database
  readonly vault: Vault
  readonly clock: Clock
}

export const proofOf = (vault: Vault, customer_id: number): string =>
  vault.fingerprint('unsubscribed.customer_id', String(customer_id))

export const unsubscribeRoutes = (parts: UnsubscribeParts) => (app: HttpApp) => {
  app.register((scope: HttpApp, _options, done) => {
    // mail programs post `List-Unsubscribe=One-Click` as a form; the link itself says everything
    const asForm = 'application/x-www-form-urlencoded'
    scope.addContentTypeParser(asForm, { parseAs: 'string' }, (_request, _body, done) => done(null, undefined))
    scope.post('/reminders/:customer_id/:proof/off', { schema: turnOffSchema }, turnOff(parts))
    done()
  })
}

const turnOffSchema = {
  summary: 'Sends a customer no more reminders; what must be told still is',
  tags: ['mails'],
  params: Type.Object({ customer_id: EntityId, proof: Type.String({ pattern: '^[\\w-]{43}$' }) }),
  response: answers({ 200: Type.Object({ done: Type.Literal(true) }) }, 'route_not_found', 'validation_failed'),
}

const turnOff =
  ({ database, vault, clock }: UnsubscribeParts): Handler<typeof turnOffSchema> =>
  async (request) => {
    const { customer_id, proof } = request.params
    if (proof !== proofOf(vault, customer_id)) throw new Problem('route_not_found')
    await unsubscribe(database, customer_id, clock.now())
    return { done: true as const }
  }

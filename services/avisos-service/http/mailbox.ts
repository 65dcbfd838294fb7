/** Mails that were not sent because there is no mail server: staff read them in development. */
import { Type } from 'typebox'
import { Timestamp } from '#contracts'
import type { Database } from '#platform/database/database'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import { listKept } from '../mails/mail-store.ts'

export interface MailboxParts {
  readonly database: Database
  readonly vault: Vault
  /** False in production. */
  readonly isMailboxOpen: boolean
}

const Mail = Type.Object(
  {
    id: Type.Integer(),
    kind: Type.String(),
    at: Timestamp,
    to: Type.String(),
    subject: Type.String(),
    text: Type.String(),
    html: Type.String(),
  },
  { title: 'KeptMail' },
)

export const mailboxRoutes = (parts: MailboxParts) => (app: HttpApp) => {
  app.get('/mails', { schema: showMailsSchema }, showMails(parts))
}

const showMailsSchema = {
  summary: 'Mails that were kept instead of sent, newest first: in development, where SMTP_URL is not set',
  tags: ['mails'],
  querystring: Type.Object({ limit: Type.Integer({ minimum: 1, maximum: 100, default: 50 }) }),
  response: answers({ 200: Type.Object({ mails: Type.Array(Mail) }) }, 'mailbox_closed', 'validation_failed'),
}

const showMails =
  ({ database, vault, isMailboxOpen }: MailboxParts): Handler<typeof showMailsSchema> =>
  async (request) => {
    if (!isMailboxOpen) throw new Problem('mailbox_closed')
    const kept = await listKept(database, vault, request.query.limit)
    return { mails: kept.map(({ at, ...mail }) => ({ ...mail, at: at.toISOString() })) }
  }

/** All routes of the service. */
import type { HttpApp } from '#platform/http/server'
import { type MailboxParts, mailboxRoutes } from './http/mailbox.ts'
import { type UnsubscribeParts, unsubscribeRoutes } from './http/unsubscribe.ts'

export const routes = (parts: MailboxParts & UnsubscribeParts) => (app: HttpApp) => {
  mailboxRoutes(parts)(app)
  unsubscribeRoutes(parts)(app)
}

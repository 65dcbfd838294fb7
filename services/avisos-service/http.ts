/** All routes of the service. */
import type { HttpApp } from '#platform/http/server'
import { type MailboxParts, mailboxRoutes } from './http/mailbox.ts'

export const routes = (parts: MailboxParts) => (app: HttpApp) => {
  mailboxRoutes(parts)(app)
}

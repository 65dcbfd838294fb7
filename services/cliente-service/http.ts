/** All routes of the service. */
import { historyRoute } from '#host'
import type { HttpApp } from '#platform/http/server'
import { coafRoutes } from './coaf/coaf-http.ts'
import { historySubject } from './customers/history.ts'
import { accountCustomerRoutes } from './http/account-customers.ts'
import { accountRoutes } from './http/accounts.ts'
import { adjustmentRoutes } from './http/adjustments.ts'
import { blockingRoutes } from './http/blocking.ts'
import { catalogueRoutes } from './http/catalogue.ts'
import { claimRoutes } from './http/claims.ts'
import { contactRoutes } from './http/contacts.ts'
import { creditRoutes } from './http/credit.ts'
import { customerRoutes } from './http/customers.ts'
import { documentCheckRoutes } from './http/document-check.ts'
import { noticeRoutes } from './http/notices.ts'
import type { RouteParts } from './http/parts.ts'
import { recordRoutes } from './http/records.ts'
import { searchRoutes } from './http/search.ts'
import { statementRoutes } from './http/statement.ts'
import { type RightsParts, rightsRoutes } from './rights/http.ts'

export const routes = (parts: RouteParts & RightsParts) => (app: HttpApp) => {
  customerRoutes(parts)(app)
  accountRoutes(parts)(app)
  contactRoutes(parts)(app)
  accountCustomerRoutes(parts)(app)
  claimRoutes(parts)(app)
  noticeRoutes(parts)(app)
  searchRoutes(parts)(app)
  blockingRoutes(parts)(app)
  documentCheckRoutes(parts)(app)
  statementRoutes(parts)(app)
  adjustmentRoutes(parts)(app)
  creditRoutes(parts)(app)
  historyRoute(parts, historySubject)(app)
  catalogueRoutes(parts)(app)
  recordRoutes(parts)(app)
  rightsRoutes(parts)(app)
  coafRoutes(parts)(app)
}

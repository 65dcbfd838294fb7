/** All routes of the service. */
import { ChargeRecords } from '#contracts'
import { recordsRoute } from '#host'
import type { HttpApp } from '#platform/http/server'
import { chargeRecords } from './charges/records-store.ts'
import { type ClosingParts, closingRoutes } from './http/closings.ts'
import { codeRoutes } from './http/codes.ts'
import { debtRoutes } from './http/debts.ts'
import { type OwedRouteParts, owedRoutes } from './http/owed.ts'
import { type PartRouteParts, partRoutes } from './http/parts.ts'
import { type PaymentRouteParts, paymentRoutes } from './http/payments.ts'
import { unmatchedRoutes } from './http/unmatched.ts'
import { type WebhookParts, webhookRoutes } from './http/webhooks.ts'

export type RouteParts = PaymentRouteParts & PartRouteParts & ClosingParts & OwedRouteParts & WebhookParts

export const routes = (parts: RouteParts) => (app: HttpApp) => {
  codeRoutes(parts)(app)
  paymentRoutes(parts)(app)
  partRoutes(parts)(app)
  debtRoutes(parts)(app)
  closingRoutes(parts)(app)
  unmatchedRoutes(parts)(app)
  owedRoutes(parts)(app)
  webhookRoutes(parts)(app)
  recordsRoute(parts, ChargeRecords, chargeRecords)(app)
}

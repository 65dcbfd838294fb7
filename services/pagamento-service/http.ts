/** All routes of the service. */
import { ChargeRecords } from '#contracts'
import type { HttpApp } from '#platform/http'
import { recordsRoute } from '#platform/records-route'
import { codeRoutes } from './code-http.ts'
import { type PaymentRouteParts, paymentRoutes } from './payment-http.ts'
import { chargeRecords } from './records-store.ts'
import { unmatchedRoutes } from './unmatched-http.ts'
import { type WebhookParts, webhookRoutes } from './webhook-http.ts'

export type RouteParts = PaymentRouteParts & WebhookParts

export const routes = (parts: RouteParts) => (app: HttpApp) => {
  codeRoutes(parts.database)(app)
  paymentRoutes(parts)(app)
  unmatchedRoutes(parts)(app)
  webhookRoutes(parts)(app)
  recordsRoute(parts, ChargeRecords, chargeRecords)(app)
}

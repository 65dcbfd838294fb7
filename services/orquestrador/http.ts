/** All routes of the service. */
import { PurchaseRecords } from '#contracts'
import { recordsRoute } from '#host'
import type { HttpApp } from '#platform/http/server'
import { type AuditParts, auditRoutes } from './http/audits.ts'
import { type CorrectionParts, correctionRoutes } from './http/corrections.ts'
import { type DeliveryParts, deliveryRoutes } from './http/deliveries.ts'
import { type EventParts, eventRoutes } from './http/events.ts'
import { type BackupParts, backupRoutes } from './http/last-backup.ts'
import { type OperatorParts, operatorRoutes } from './http/operator.ts'
import { overdueRoutes } from './http/overdue.ts'
import { type PurchaseParts, purchaseRoutes } from './http/purchases.ts'
import { type ReportParts, reportRoutes } from './http/reports.ts'
import { type ReturnParts, returnRoutes } from './http/returns.ts'
import { stepTimeRoutes } from './http/step-times.ts'
import { toldPurchaseRoutes } from './http/told-purchases.ts'
import { type WebhookParts, webhookRoutes } from './http/webhooks.ts'
import { purchaseRecords } from './records/records-store.ts'
import { personalDataRoutes } from './rights/personal-data-http.ts'

type RouteParts = PurchaseParts &
  CorrectionParts &
  OperatorParts &
  ReturnParts &
  EventParts &
  AuditParts &
  WebhookParts &
  DeliveryParts &
  ReportParts &
  BackupParts

export const routes = (parts: RouteParts) => (app: HttpApp) => {
  purchaseRoutes(parts)(app)
  toldPurchaseRoutes(parts)(app)
  returnRoutes(parts)(app)
  correctionRoutes(parts)(app)
  operatorRoutes(parts)(app)
  overdueRoutes(parts)(app)
  eventRoutes(parts)(app)
  auditRoutes(parts)(app)
  recordsRoute(parts, PurchaseRecords, purchaseRecords)(app)
  webhookRoutes(parts)(app)
  deliveryRoutes(parts)(app)
  reportRoutes(parts)(app)
  backupRoutes(parts)(app)
  stepTimeRoutes(parts)(app)
  personalDataRoutes(parts)(app)
}

/** The routes by which people use the rights that the LGPD gives them (art. 18), and by which their data is read unmasked. */
import type { HttpApp } from '#platform/http/server'
import type { SellerParts } from '../customers/own-customers.ts'
import type { ReadingParts } from '../customers/readings.ts'
import { archiveRoutes } from './archive-http.ts'
import { type ConsentParts, consentRoutes } from './consents-http.ts'
import { documentRoutes } from './document-http.ts'
import { type ErasureRouteParts, erasureRoutes } from './erasure-http.ts'
import { type PersonalDataParts, personalDataRoutes } from './personal-data-http.ts'
import { type SummaryParts, summaryRoutes } from './summary-http.ts'
import { unmaskedRoutes } from './unmasked-http.ts'

export type RightsParts = ReadingParts &
  SellerParts &
  PersonalDataParts &
  ErasureRouteParts &
  ConsentParts &
  SummaryParts

export const rightsRoutes = (parts: RightsParts) => (app: HttpApp) => {
  unmaskedRoutes(parts)(app)
  archiveRoutes(parts)(app)
  summaryRoutes(parts)(app)
  personalDataRoutes(parts)(app)
  erasureRoutes(parts)(app)
  consentRoutes(parts)(app)
  documentRoutes(parts)(app)
}

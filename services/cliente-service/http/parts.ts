/** The parts that the routes of customers need. */
import type { Approvals } from '#host'
import type { UnitOfWork } from '#messaging'
import type { Clock, Ids } from '#platform/clock'
import type { Vault } from '#platform/vault/vault'
import type { SellerParts } from '../customers/own-customers.ts'
import type { ReadingParts } from '../customers/readings.ts'

export interface RouteParts extends ReadingParts, SellerParts {
  readonly vault: Vault
  readonly clock: Clock
  readonly ids: Ids
  readonly unitOfWork: UnitOfWork
  readonly approvals: Approvals
  /** In cents: how much one person may move on one customer's account in 24 hours, and the credit limit that they may give. */
  readonly adjustmentLimit: number
  readonly creditLimit: number
  /** Used credit is due this many days after the purchase. */
  readonly creditDays: number
  /** The present version of the text on consents. */
  readonly consentText?: string
}

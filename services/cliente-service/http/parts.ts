/** What the routes of customers stand on. */
import type { Approvals } from '#host'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database/database'
import type { Vault } from '#platform/vault/vault'
import type { ReadingParts } from '../customers/readings.ts'

export interface RouteParts extends ReadingParts {
  readonly database: Database
  readonly vault: Vault
  readonly clock: Clock
  readonly approvals: Approvals
  /** What one person may move of one customer's account in 24 hours, and the credit limit that they may give, in cents. */
  readonly adjustmentLimit: number
  readonly creditLimit: number
  /** The version of the text on consents that is shown now. */
  readonly consentText?: string
}

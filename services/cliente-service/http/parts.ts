/** What the routes of customers stand on. */
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database/database'
import type { Vault } from '#platform/vault/vault'
import type { ReadingParts } from '../customers/readings.ts'

export interface RouteParts extends ReadingParts {
  readonly database: Database
  readonly vault: Vault
  readonly clock: Clock
  /** The version of the text on consents that is shown now. */
  readonly consentText?: string
}

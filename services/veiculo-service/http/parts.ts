/** What the routes of vehicles stand on. */
import type { Database } from '#platform/database/database'
import type { Vault } from '#platform/vault/vault'
import type { SalesParts } from '../reservations/sales.ts'

export interface RouteParts extends SalesParts {
  readonly database: Database
  readonly vault: Vault
}

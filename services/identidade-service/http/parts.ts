/** The parts that the routes of accounts need. */
import type { UnitOfWork } from '#messaging'
import type { Clock, Ids } from '#platform/clock'
import type { Database } from '#platform/database/database'
import type { AskPeer } from '#platform/peers'
import type { Vault } from '#platform/vault/vault'
import type { Fingerprints } from '../accounts/fingerprints.ts'
import type { Library } from '../accounts/library.ts'
import type { Pacing } from '../accounts/pacing.ts'
import type { Passwords } from '../accounts/passwords.ts'

export interface RouteParts {
  readonly database: Database
  readonly vault: Vault
  readonly unitOfWork: UnitOfWork
  readonly clock: Clock
  readonly ids: Ids
  readonly library: Library
  readonly prints: Fingerprints
  readonly passwords: Passwords
  readonly pacing: Pacing
  readonly ask: AskPeer
  readonly publicOrigin: string
  /** Whether staff may do anything only with a second factor. */
  readonly secondFactorOfStaff: boolean
  readonly onError: (error: unknown) => void
}

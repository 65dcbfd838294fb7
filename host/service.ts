/** What a service is to those who run it: a name, migrations, routes, message handlers, and what must start and stop. */
import type { Logger } from 'pino'
import type { ServiceName } from '#contracts'
import type { MessageHandler, MessageIntake, UnitOfWork } from '#messaging'
import type { Turns } from '#platform/batching/turns'
import type { Clock, Ids } from '#platform/clock'
import type { Config } from '#platform/config'
import type { Database } from '#platform/database/database'
import type { HttpApp } from '#platform/http/server'
import type { Gauge } from '#platform/telemetry'
import type { SealedTable } from '#platform/vault/reseal-store'
import type { Vault } from '#platform/vault/vault'
import type { ApprovalKind, Approvals } from './approvals/approvals.ts'
import type { Chore } from './housekeeping.ts'
import { journalTables } from './journal/journal.ts'
import type { FindSuspicions } from './suspicions-route.ts'

export interface ServiceDefinition {
  /** As in subscriptions and folders: `cliente-service`. */
  readonly name: ServiceName
  readonly description: string
  readonly migrations: URL
  /** Where its sealed fields lie: what a new data key has to reach. */
  readonly sealed?: readonly SealedTable[]
  /** Seals the fields of rows that were written before fields were sealed; asked before the service serves. Returns how many rows. */
  readonly sealPlain?: (database: Database, vault: Vault) => Promise<number>
  readonly wire: (context: ServiceContext) => Wiring
}

export const databaseNameOf = (name: ServiceName): string => name.replaceAll('-', '_')

/** Its database on that server. */
export function databaseUrlOf(name: ServiceName, server: string, config: Config): string {
  const url = new URL(server)
  url.pathname = `/${config.DATABASE_PREFIX}${databaseNameOf(name)}`
  return url.href
}

/** Where sealed fields lie in its database: its own, and those that every service has. */
export const sealedTablesOf = ({ sealed = [] }: ServiceDefinition): readonly SealedTable[] => [
  ...sealed,
  ...journalTables,
]

/** What a service is given to be wired with. */
export interface ServiceContext {
  readonly config: Config
  readonly database: Database
  /** For a library that speaks to the same database by connections of its own. */
  readonly databaseUrl: string
  readonly vault: Vault
  readonly unitOfWork: UnitOfWork
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Logger
  /** `http://host:port` of another service, asked for anew at each call: it may not listen yet. */
  readonly addressOf: (service: string) => string
  /** By which this process proves to other services that it is one of them. */
  readonly serviceToken: (refused?: string) => Promise<string>
  /** For transactions that are not a message handler's: they take turns with the handlers' batches. */
  readonly turns: Turns
  /** For what somebody may not decide alone. */
  readonly approvals: Approvals
}

export interface Wiring {
  readonly routes: (app: HttpApp) => void
  /** What was done here since then that an auditor would ask about, beside what every service tells. */
  readonly suspicions?: FindSuspicions
  /** What it can be asked for that a second person decides. */
  readonly approvalKinds?: readonly ApprovalKind[]
  readonly handlers: readonly (MessageHandler | MessageIntake)[]
  /** What of its rows goes when: done every hour. */
  readonly chores?: readonly Chore[]
  /** Told at `/metrics` beside what every service tells. */
  readonly gauges?: readonly Gauge[]
  /** Called once routes and handlers are in place; what it returns is disposed of at shutdown. */
  readonly start?: () => AsyncDisposable
}

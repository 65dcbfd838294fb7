/** A service as the host sees it: a name, migrations, routes, message handlers, and parts that start and stop. */
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
  /** As subscriptions and folders spell it: `cliente-service`. */
  readonly name: ServiceName
  readonly description: string
  readonly migrations: URL
  /** Its sealed columns, which a new data key has to reach. */
  readonly sealed?: readonly SealedTable[]
  /** Seals the fields of rows from before fields were sealed; called before the service serves. Returns how many rows. */
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

/** All sealed columns of its database: its own, and those that every service has. */
export const sealedTablesOf = ({ sealed = [] }: ServiceDefinition): readonly SealedTable[] => [
  ...sealed,
  ...journalTables,
]

/** The parts that a service is wired with. */
export interface ServiceContext {
  readonly config: Config
  readonly database: Database
  /** For a library that opens its own connections to the same database. */
  readonly databaseUrl: string
  readonly vault: Vault
  readonly unitOfWork: UnitOfWork
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Logger
  /** `http://host:port` of another service, asked for anew at each call: it may not listen yet. */
  readonly addressOf: (service: string) => string
  /** The token by which this service proves to the service `at`, and to no other, which one it is. */
  readonly serviceToken: (at: string, refused?: string) => Promise<string>
  /** For transactions outside message handlers: they take turns with the handlers' batches. */
  readonly turns: Turns
  /** For acts that one person may not decide alone. */
  readonly approvals: Approvals
}

export interface Wiring {
  readonly routes: (app: HttpApp) => void
  /** Acts since then that an auditor would ask about, beside those that every service tells. */
  readonly suspicions?: FindSuspicions
  /** The kinds of act that a second person decides here. */
  readonly approvalKinds?: readonly ApprovalKind[]
  readonly handlers: readonly (MessageHandler | MessageIntake)[]
  /** Which of its rows are removed, and when; done every hour. */
  readonly chores?: readonly Chore[]
  /** Gauges at `/metrics`, beside those of every service. */
  readonly gauges?: readonly Gauge[]
  /** Called once routes and handlers are in place; its result is disposed of at shutdown. */
  readonly start?: () => AsyncDisposable
}

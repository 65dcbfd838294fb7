/** cliente-service: customers, their balances and their credit. */
import type { ServiceDefinition, Stands } from '#messaging'
import type { HttpApp } from '#platform/http'
import { catalogueEvents } from './catalogue.ts'
import { creditCommands } from './commands.ts'
import { sealedTables } from './customer-store.ts'
import { customerRoutes } from './http.ts'
import { sealPlainPeople } from './plain-people-store.ts'
import { type ErasureParts, erasureAnswers } from './rights/erasure.ts'
import { rightsRoutes } from './rights/http.ts'
import { inventory } from './rights/inventory.ts'
import { peers } from './rights/peers.ts'
import { periodsOf, retentionChores } from './rights/retention.ts'

export const clienteService: ServiceDefinition = {
  name: 'cliente-service',
  healthName: 'customer-service',
  description: 'Customers: who they are, what they own, and the credit that purchases hold.',
  databaseName: 'cliente_service',
  port: (config) => config.PORT_CLIENTE,
  migrations: new URL('./migrations/', import.meta.url),
  sealed: sealedTables,
  sealPlain: sealPlainPeople,
  wire,
}

function wire({ config, database, unitOfWork, vault, clock, ids, addressOf, serviceToken }: Stands) {
  const consentText = config.CONSENT_TEXT_VERSION
  const others = peers(addressOf, serviceToken)
  const erasures: ErasureParts = { unitOfWork, vault, clock, ids, periods: periodsOf(config) }
  return {
    routes(app: HttpApp) {
      customerRoutes({ database, vault, clock, consentText })(app)
      rightsRoutes({ ...erasures, database, peers: others, consentText, categories: inventory(config) })(app)
    },
    handlers: [...creditCommands(clock), ...catalogueEvents, ...erasureAnswers(clock)],
    chores: retentionChores(erasures, config.RETENTION_INACTIVE_DAYS),
    start: () => others,
  }
}

/** cliente-service: customers, their balances and their credit. */
import type { ServiceDefinition, Stands } from '#messaging'
import type { HttpApp } from '#platform/http'
import { catalogueEvents } from './catalogue.ts'
import { creditCommands } from './commands.ts'
import { sealedTables } from './customer-store.ts'
import { customerRoutes } from './http.ts'
import { sealPlainPeople } from './plain-people-store.ts'
import { rightsRoutes } from './rights/http.ts'
import { peers } from './rights/peers.ts'

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

function wire({ database, vault, clock, addressOf, serviceToken }: Stands) {
  const others = peers(addressOf, serviceToken)
  return {
    routes(app: HttpApp) {
      customerRoutes({ database, vault, clock })(app)
      rightsRoutes({ database, vault, clock, peers: others })(app)
    },
    handlers: [...creditCommands(clock), ...catalogueEvents],
    start: () => others,
  }
}

/** cliente-service: customers, their balances and their credit. */
import type { ServiceDefinition } from '#messaging'
import { catalogueEvents } from './catalogue.ts'
import { creditCommands } from './commands.ts'
import { sealedTables } from './customer-store.ts'
import { customerRoutes } from './http.ts'
import { sealPlainPeople } from './plain-people-store.ts'
import { rightsRoutes } from './rights/http.ts'

export const clienteService: ServiceDefinition = {
  name: 'cliente-service',
  healthName: 'customer-service',
  description: 'Customers: who they are, what they own, and the credit that purchases hold.',
  databaseName: 'cliente_service',
  port: (config) => config.PORT_CLIENTE,
  migrations: new URL('./migrations/', import.meta.url),
  sealed: sealedTables,
  sealPlain: sealPlainPeople,
  wire: ({ database, vault, clock }) => ({
    routes(app) {
      customerRoutes({ database, vault, clock })(app)
      rightsRoutes({ database, vault, clock })(app)
    },
    handlers: [...creditCommands(clock), ...catalogueEvents],
  }),
}

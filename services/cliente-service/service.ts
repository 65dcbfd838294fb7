/** cliente-service: customers, their balances and their credit. */
import type { ServiceDefinition } from '#messaging'
import { catalogueEvents } from './catalogue.ts'
import { creditCommands } from './commands.ts'
import { customerRoutes } from './http.ts'

export const clienteService: ServiceDefinition = {
  name: 'cliente-service',
  healthName: 'customer-service',
  description: 'Customers: who they are, what they own, and the credit that purchases hold.',
  databaseName: 'cliente_service',
  port: (config) => config.PORT_CLIENTE,
  migrations: new URL('./migrations/', import.meta.url),
  wire: ({ database, clock }) => ({
    routes: customerRoutes({ database, clock }),
    handlers: [...creditCommands(clock), ...catalogueEvents],
  }),
}

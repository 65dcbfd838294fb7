/** The face of veiculo-service. */
import type { ServiceDefinition } from '#messaging'
import { vehicleCommands } from './commands.ts'
import { vehicleRoutes } from './http.ts'
import { pickupCode } from './pickup-code.ts'
import { reservationGauges } from './reservation-gauges.ts'

export const veiculoService: ServiceDefinition = {
  name: 'veiculo-service',
  healthName: 'vehicle-service',
  description: 'Vehicles: what is on sale, who has it reserved, and to whom it was sold.',
  databaseName: 'veiculo_service',
  port: (config) => config.PORT_VEICULO,
  migrations: new URL('./migrations/', import.meta.url),
  wire: ({ database, unitOfWork, clock, ids, turns }) => ({
    routes: vehicleRoutes({ database, unitOfWork, clock, ids, pickupCode, turns }),
    handlers: vehicleCommands(clock),
    gauges: reservationGauges(database, clock),
  }),
}

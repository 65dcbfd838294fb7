/**
 * The roster's services as they are run. The code of a service is loaded when its definition is asked for: a process that runs
 * one service holds that one alone, and a migration none.
 */
import { type ServiceName, serviceNames } from '#contracts'
import type { ServiceDefinition } from '#host'

const definitions: Readonly<Record<ServiceName, () => Promise<ServiceDefinition>>> = {
  'cliente-service': async () => (await import('../services/cliente-service/service.ts')).clienteService,
  'veiculo-service': async () => (await import('../services/veiculo-service/service.ts')).veiculoService,
  'pagamento-service': async () => (await import('../services/pagamento-service/service.ts')).pagamentoService,
  'identidade-service': async () => (await import('../services/identidade-service/service.ts')).identidadeService,
  'avisos-service': async () => (await import('../services/avisos-service/service.ts')).avisosService,
  orquestrador: async () => (await import('../services/orquestrador/service.ts')).orquestrador,
}

export const definitionOf = (name: ServiceName): Promise<ServiceDefinition> => definitions[name]()

/** In the order in which one process starts them. */
export const allServices = (): Promise<readonly ServiceDefinition[]> => Promise.all(serviceNames.map(definitionOf))

export const migrationsOf = (name: ServiceName): URL => new URL(`../services/${name}/migrations/`, import.meta.url)

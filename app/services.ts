/** The roster's services as they are run: a definition for each name, in the order in which one process starts them. */
import type { ServiceName } from '#contracts'
import type { ServiceDefinition } from '#host'
import { avisosService } from '../services/avisos-service/service.ts'
import { clienteService } from '../services/cliente-service/service.ts'
import { identidadeService } from '../services/identidade-service/service.ts'
import { orquestrador } from '../services/orquestrador/service.ts'
import { pagamentoService } from '../services/pagamento-service/service.ts'
import { veiculoService } from '../services/veiculo-service/service.ts'

const definitions: Readonly<Record<ServiceName, ServiceDefinition>> = {
  'cliente-service': clienteService,
  'veiculo-service': veiculoService,
  'pagamento-service': pagamentoService,
  'identidade-service': identidadeService,
  'avisos-service': avisosService,
  orquestrador,
}

export const services: readonly ServiceDefinition[] = Object.values(definitions)

/** How many messages each service still has to send, and since when: what shows that one of them stands still. */
import type { Client } from '../../clients/typescript/client.ts'
import { orElse } from '../answers.server.ts'

export interface Queue {
  readonly waiting: number
  readonly oldestSeconds: number
}

/** By service; one that does not answer is missing. For admins. */
export async function queuesOf(client: Client): Promise<Readonly<Record<string, Queue>>> {
  const asked = {
    'cliente-service': client.listWaitingMessagesOfClienteService({}),
    'veiculo-service': client.listWaitingMessagesOfVeiculoService({}),
    'pagamento-service': client.listWaitingMessagesOfPagamentoService({}),
    orquestrador: client.listWaitingMessagesOfOrquestrador({}),
    'identidade-service': client.listWaitingMessagesOfIdentidadeService({}),
    'avisos-service': client.listWaitingMessagesOfAvisosService({}),
  }
  const found = await Promise.all(
    Object.entries(asked).map(async ([service, answer]) => {
      const told = await orElse(answer, undefined)
      if (!told?.ok) return []
      const { rows, oldest_age_seconds } = told.data.outbox
      return [[service, { waiting: rows, oldestSeconds: oldest_age_seconds }] as const]
    }),
  )
  return Object.fromEntries(found.flat())
}

/** Asks all services at once for the same kind of record, and puts the answers together, oldest first. */
import type { Client } from '../../clients/typescript/client.ts'
import type { Approval, DeadLetter } from '../../clients/typescript/operations.ts'
import { orElse, orHidden } from '../answers.server.ts'

/** The most from each service. */
const MOST = 50

export interface Letter extends DeadLetter {
  readonly service: string
}

export interface Request extends Approval {
  readonly service: string
}

export async function deadLettersFor(client: Client): Promise<readonly Letter[]> {
  const query = { status: 'waiting', limit: MOST } as const
  const asked = {
    'cliente-service': client.listDeadLettersOfClienteService({ query }),
    'veiculo-service': client.listDeadLettersOfVeiculoService({ query }),
    'pagamento-service': client.listDeadLettersOfPagamentoService({ query }),
    orquestrador: client.listDeadLettersOfOrquestrador({ query }),
    'identidade-service': client.listDeadLettersOfIdentidadeService({ query }),
    'avisos-service': client.listDeadLettersOfAvisosService({ query }),
  }
  const found = await Promise.all(
    Object.entries(asked).map(async ([service, answer]) => {
      const letters = await orElse(answer.then(orHidden), undefined)
      return (letters?.dead_letters ?? []).map((one): Letter => ({ ...one, service }))
    }),
  )
  return found.flat().sort((a, b) => a.parked_at.localeCompare(b.parked_at))
}

export async function approvalsFor(client: Client): Promise<readonly Request[]> {
  const query = { status: 'waiting', limit: MOST } as const
  const asked = {
    'cliente-service': client.listApprovalsOfClienteService({ query }),
    'veiculo-service': client.listApprovalsOfVeiculoService({ query }),
    'pagamento-service': client.listApprovalsOfPagamentoService({ query }),
    orquestrador: client.listApprovalsOfOrquestrador({ query }),
  }
  const found = await Promise.all(
    Object.entries(asked).map(async ([service, answer]) => {
      const waiting = await orElse(answer.then(orHidden), undefined)
      return (waiting?.approvals ?? []).map((one): Request => ({ ...one, service }))
    }),
  )
  return found.flat().sort((a, b) => a.asked_at.localeCompare(b.asked_at))
}

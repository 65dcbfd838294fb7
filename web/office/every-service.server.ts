/** Asks all services at once for the same kind of record, and puts the answers together, oldest first. */
import type { Client } from '../../clients/typescript/client.ts'
import type { Approval, DeadLetter } from '../../clients/typescript/operations.ts'
import { orElse, orHidden } from '../answers.server.ts'
import { shortName } from '../store/purchase-story.ts'
import { office, sale } from '../texts/office.pt-br.ts'
import { authorNames, namesOf } from './names.server.ts'

/** The most from each service. */
const MOST = 50

export interface Letter extends DeadLetter {
  readonly service: string
}

export interface Request extends Approval {
  readonly service: string
  /** What it is about, by name, and where it is looked at. */
  readonly subject?: { readonly name: string; readonly to: string }
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

/** With the name of whoever asks. */
export async function approvalsFor(client: Client): Promise<readonly Request[]> {
  const query = { status: 'waiting', limit: MOST } as const
  const asked = {
    'cliente-service': client.listApprovalsOfClienteService({ query }),
    'veiculo-service': client.listApprovalsOfVeiculoService({ query }),
    'pagamento-service': client.listApprovalsOfPagamentoService({ query }),
    orquestrador: client.listApprovalsOfOrquestrador({ query }),
  }
  const naming = authorNames(client)
  const found = await Promise.all(
    Object.entries(asked).map(async ([service, answer]) => {
      const waiting = await orElse(answer.then(orHidden), undefined)
      const nameOf = await naming
      return (waiting?.approvals ?? []).map((one): Request => ({ ...one, asked_by: nameOf(one.asked_by), service }))
    }),
  )
  const waiting = found.flat().sort((a, b) => a.asked_at.localeCompare(b.asked_at))
  return withSubjects(client, waiting)
}

/** The names of customers with one request; vehicles one by one, for few are asked about at a time. */
async function withSubjects(client: Client, waiting: readonly Request[]): Promise<readonly Request[]> {
  const idsOf = (about: string) => waiting.filter((one) => one.about === about).map(({ about_id }) => Number(about_id))
  const [names, vehicles] = await Promise.all([
    namesOf(client, idsOf('customer')),
    Promise.all(
      [...new Set(idsOf('vehicle'))].map(async (id) => {
        const found = await orElse(client.getVehicle({ path: { id } }), undefined)
        return [id, found?.ok ? `${found.data.brand} ${found.data.model} ${found.data.year}` : undefined] as const
      }),
    ),
  ])
  const cars = new Map(vehicles)
  return waiting.map((one) => {
    const id = Number(one.about_id)
    const [name, to] =
      one.about === 'customer'
        ? [names[id] ?? office.unknownCustomer(id), `/painel/clientes/${id}`]
        : one.about === 'vehicle'
          ? [cars.get(id), `/painel/estoque/${id}`]
          : one.about === 'purchase'
            ? [sale.title(shortName(one.about_id)), `/painel/vendas/${one.about_id}`]
            : []
    return name && to ? { ...one, subject: { name, to } } : one
  })
}

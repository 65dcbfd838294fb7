/** Passes decisions about waiting messages, money and requests to the service that keeps them. */
import { idTyped } from '#platform/typed-numbers'
import type { Client } from '../../clients/typescript/client.ts'

export type Outcome =
  | { readonly done: string; readonly refused?: undefined }
  | { readonly done?: undefined; readonly refused: string }

const WAYS = ['banknotes', 'transfer', 'card', 'pix', 'balance'] as const

export async function act(client: Client, form: FormData): Promise<Outcome> {
  const text = (name: string) => String(form.get(name) ?? '').trim()
  const service = text('servico')
  const id = idTyped(text('id'))
  switch (text('ato')) {
    case 'repetir':
      return told('replayed', await letters(client, service)?.replay({ path: { id } }))
    case 'descartar':
      return told(
        'discarded',
        await letters(client, service)?.discard({ path: { id }, query: { reason: text('motivo') } }),
      )
    case 'devolver':
      return told('refunded', await client.refundUnmatchedPayment({ path: { id } }))
    case 'devolvi': {
      const method = WAYS.find((one) => one === text('como')) ?? 'transfer'
      const answer = await client.settleOwedItem({ path: { id }, body: { method, reference: text('comprovante') } })
      return told(answer.status === 202 ? 'asked' : 'settled', answer)
    }
    case 'aprovar':
    case 'recusar': {
      const reason = text('motivo')
      const asked = { path: { id: text('id') }, body: reason ? { reason } : {} }
      return text('ato') === 'aprovar'
        ? told('approved', await decisions(client, service)?.approve(asked))
        : told('rejected', await decisions(client, service)?.reject(asked))
    }
    default:
      return { refused: 'other' }
  }
}

interface Answer {
  readonly ok: boolean
  readonly status: number
  readonly problem?: { readonly name: string }
}

function told(done: string, answer: Answer | undefined): Outcome {
  if (answer?.ok) return { done }
  const name = answer?.problem?.name ?? 'other'
  return { refused: answer?.status === 403 && !name.startsWith('approval_') ? 'forbidden' : name }
}

function letters(client: Client, service: string) {
  switch (service) {
    case 'cliente-service':
      return { replay: client.replayDeadLetterOfClienteService, discard: client.deleteDeadLetterOfClienteService }
    case 'veiculo-service':
      return { replay: client.replayDeadLetterOfVeiculoService, discard: client.deleteDeadLetterOfVeiculoService }
    case 'pagamento-service':
      return { replay: client.replayDeadLetterOfPagamentoService, discard: client.deleteDeadLetterOfPagamentoService }
    case 'orquestrador':
      return { replay: client.replayDeadLetterOfOrquestrador, discard: client.deleteDeadLetterOfOrquestrador }
    case 'identidade-service':
      return { replay: client.replayDeadLetterOfIdentidadeService, discard: client.deleteDeadLetterOfIdentidadeService }
    case 'avisos-service':
      return { replay: client.replayDeadLetterOfAvisosService, discard: client.deleteDeadLetterOfAvisosService }
    default:
      return undefined
  }
}

function decisions(client: Client, service: string) {
  switch (service) {
    case 'cliente-service':
      return { approve: client.approveApprovalOfClienteService, reject: client.rejectApprovalOfClienteService }
    case 'veiculo-service':
      return { approve: client.approveApprovalOfVeiculoService, reject: client.rejectApprovalOfVeiculoService }
    case 'pagamento-service':
      return { approve: client.approveApprovalOfPagamentoService, reject: client.rejectApprovalOfPagamentoService }
    case 'orquestrador':
      return { approve: client.approveApprovalOfOrquestrador, reject: client.rejectApprovalOfOrquestrador }
    default:
      return undefined
  }
}

/** A PSP's records: charges, the Pix that paid them, and refunds, by the rules in Banco Central's chapter on errors. */
import { randomBytes } from 'node:crypto'
import { generatePixPayload } from '@brazilian-utils/brazilian-utils'

export interface Answer {
  readonly status: number
  readonly headers?: Record<string, string>
  readonly body: object
}

interface Refund {
  readonly id: string
  readonly rtrId: string
  readonly valor: string
  readonly horario: object
  status: 'EM_PROCESSAMENTO' | 'DEVOLVIDO' | 'NAO_REALIZADO'
}

interface Pix {
  readonly endToEndId: string
  readonly txid: string
  readonly valor: string
  readonly horario: string
  readonly devolucoes: Refund[]
}

export interface Charge {
  status: 'ATIVA' | 'CONCLUIDA' | 'REMOVIDA_PELO_USUARIO_RECEBEDOR' | 'REMOVIDA_PELO_PSP'
  readonly valor: string
  readonly expiracao: number
  readonly pix: Pix[]
  revisao: number
  readonly criacao: string
  readonly location: string
}

type Params = Readonly<Record<string, string>>
// the description has accepted it
type Body = { valor: { original: string } & string; chave: string; calendario: { expiracao: number }; status?: string }

export function ledger(key: string) {
  const charges = new Map<string, Charge>()
  let refundsEnd: Refund['status'] = 'DEVOLVIDO'

  function put({ txid = '' }: Params, body: Body): Answer {
    const known = charges.get(txid)
    if (known && known.status !== 'ATIVA') return refusal('CobOperacaoInvalida', 400, 'cob.status')
    if (body.chave !== key) return refusal('CobOperacaoInvalida', 400, 'cob.chave')
    if (Number(body.valor.original) === 0) return refusal('CobOperacaoInvalida', 400, 'cob.valor.original')
    if (body.calendario.expiracao <= 0) return refusal('CobOperacaoInvalida', 400, 'cob.calendario.expiracao')
    const location = known?.location ?? `pix.example.com/qr/v2/${randomBytes(16).toString('hex')}`
    const charge: Charge = {
      status: 'ATIVA',
      valor: body.valor.original,
      expiracao: body.calendario.expiracao,
      pix: [],
      revisao: known ? known.revisao + 1 : 0,
      criacao: known?.criacao ?? new Date().toISOString(),
      location,
    }
    charges.set(txid, charge)
    return { status: 201, body: view(txid, charge) }
  }

  function patch({ txid = '' }: Params, body: Body): Answer {
    const known = charges.get(txid)
    if (!known) return refusal('CobNaoEncontrado', 404)
    if (known.status !== 'ATIVA') return refusal('CobOperacaoInvalida', 400, 'cob.status')
    if (body.status === 'REMOVIDA_PELO_USUARIO_RECEBEDOR') known.status = body.status
    known.revisao += 1
    return { status: 200, body: view(txid, known) }
  }

  function get({ txid = '' }: Params): Answer {
    const known = charges.get(txid)
    if (!known) return refusal('CobNaoEncontrado', 404)
    return { status: 200, body: { ...view(txid, known), ...(known.pix.length > 0 && { pix: known.pix }) } }
  }

  function putRefund({ e2eid = '', id = '' }: Params, body: { valor: string }): Answer {
    const pix = found(e2eid)
    if (!pix) return refusal('PixNaoEncontrado', 404)
    if (pix.devolucoes.some((one) => one.id === id)) return refusal('PixDevolucaoInvalida', 400, 'devolucao.id')
    const given = pix.devolucoes.filter(({ status }) => status !== 'NAO_REALIZADO')
    const sum = given.reduce((total, { valor }) => total + Number(valor), Number(body.valor))
    if (sum > Number(pix.valor)) return refusal('PixDevolucaoInvalida', 400, 'devolucao.valor')
    const refund: Refund = {
      id,
      rtrId: `D${randomBytes(16).toString('hex').slice(1)}`,
      valor: body.valor,
      horario: { solicitacao: new Date().toISOString() },
      status: 'EM_PROCESSAMENTO',
    }
    pix.devolucoes.push(refund)
    return { status: 201, body: { ...refund } }
  }

  function getRefund({ e2eid = '', id = '' }: Params): Answer {
    const refund = found(e2eid)?.devolucoes.find((one) => one.id === id)
    if (!refund) return refusal('PixDevolucaoNaoEncontrada', 404)
    if (refund.status === 'EM_PROCESSAMENTO') refund.status = refundsEnd
    return { status: 200, body: refund }
  }

  const found = (end_to_end_id: string) =>
    [...charges.values()].flatMap(({ pix }) => pix).find(({ endToEndId }) => endToEndId === end_to_end_id)

  const view = (txid: string, { status, valor, expiracao, revisao, criacao, location }: Charge) => ({
    calendario: { criacao, expiracao },
    txid,
    revisao,
    loc: { id: 789, location, tipoCob: 'cob', txid, criacao },
    location,
    status,
    valor: { original: valor },
    chave: key,
    pixCopiaECola: generatePixPayload({ url: location, merchantName: 'MERCADO VEICULO', merchantCity: 'SAO PAULO' }),
  })

  const operations: Readonly<Record<string, (params: Params, body: never) => Answer>> = {
    'PUT /cob/{txid}': put,
    'PATCH /cob/{txid}': patch,
    'GET /cob/{txid}': get,
    'PUT /pix/{e2eid}/devolucao/{id}': putRefund,
    'GET /pix/{e2eid}/devolucao/{id}': getRefund,
  }

  return {
    charges,
    serve: (operation: string, params: Params, body: unknown): Answer =>
      operations[operation]?.(params, body as never) ?? refusal('NaoEncontrado', 404),
    /** It is accepted in any state of the charge: a payment may start before a removal and arrive after it. */
    pay(txid: string, valor?: string): string {
      const charge = charges.get(txid)
      if (!charge) throw new Error(`no charge ${txid}`)
      const endToEndId = `E${randomBytes(16).toString('hex').slice(1)}`
      charge.pix.push({
        endToEndId,
        txid,
        valor: valor ?? charge.valor,
        horario: new Date().toISOString(),
        devolucoes: [],
      })
      if (charge.status === 'ATIVA') charge.status = 'CONCLUIDA'
      return endToEndId
    },
    refundsEndAs(status: 'DEVOLVIDO' | 'NAO_REALIZADO') {
      refundsEnd = status
    },
    pixOf: (ids: readonly string[]) => ids.flatMap((id) => found(id) ?? []),
  }
}

const refusal = (kind: string, status: number, field?: string): Answer => ({
  status,
  body: problem(kind, status, field),
})

export const problem = (kind: string, status: number, propriedade?: string) => ({
  type: `https://pix.bcb.gov.br/api/v2/error/${kind}`,
  title: kind,
  status,
  detail: 'Whatever a PSP writes here',
  ...(propriedade && { violacoes: [{ razao: 'Whatever it finds', propriedade }] }),
})

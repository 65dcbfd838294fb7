/** Immediate charges (`cob`) and refunds (`devolucao`) of Banco Central's API Pix, release 2.9.0. */
import { isValidPixPayload } from '@brazilian-utils/brazilian-utils'
import { type Static, type TSchema, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import type { Cents } from '#contracts'
import {
  type ChargeState,
  type GiveBack,
  type Opened,
  ProviderFault,
  type RefundAnswer,
  type RemoteCharges,
} from '../../domain/provider.ts'
import type { PixConnection } from './connection.ts'

export interface PixOptions {
  /** The receiver's Pix key. */
  readonly pixKey: string
  /** How many seconds a new charge can be paid. */
  readonly lifetimeSeconds: number
}

const Amount = Type.String({ pattern: '^[0-9]{1,10}\\.[0-9]{2}$' })

/** The fields of a charge that are read here. The API may add others. */
const Cob = Type.Object({
  txid: Type.String(),
  status: Type.String(),
  valor: Type.Object({ original: Amount }),
  pixCopiaECola: Type.Optional(Type.String({ minLength: 1, maxLength: 512 })),
  pix: Type.Optional(
    Type.Array(
      Type.Object({
        endToEndId: Type.String({ pattern: '^[A-Za-z0-9]{32}$' }),
        valor: Amount,
        horario: Type.String(),
      }),
    ),
  ),
})
type Cob = Static<typeof Cob>

const Devolucao = Type.Object({ id: Type.String(), valor: Amount, status: Type.String() })

const fittingCob = reader(Cob)
const fittingDevolucao = reader(Devolucao)

/** Throws when the answer is about another charge than the one asked about. */
function readCob(body: unknown, txid: string): Cob {
  const cob = fittingCob(body)
  if (cob.txid !== txid) throw new ProviderFault('the answer is about another charge')
  return cob
}

export function pixCharges(connection: PixConnection, { pixKey, lifetimeSeconds }: PixOptions): RemoteCharges {
  const find = async (txid: string): Promise<Cob | undefined> => {
    const answer = await connection.call('GET', `/cob/${txid}`)
    if (answer.ok) return readCob(answer.body, txid)
    if (answer.status === 404) return undefined
    throw new ProviderFault(`the charge can't be looked at: ${answer.reason}`)
  }
  const look = async (txid: string) => stateOf(await find(txid))

  return {
    async open({ txid, amount_cents }) {
      const made = await connection.call('PUT', `/cob/${txid}`, {
        calendario: { expiracao: Math.max(Math.ceil(lifetimeSeconds), 1) },
        valor: { original: textOf(amount_cents) },
        chave: pixKey,
        solicitacaoPagador: 'Mercado Veículo',
      })
      if (made.ok) return openedAs(readCob(made.body, txid), amount_cents)
      // an earlier request, whose answer was lost, may have made it: a PSP may then refuse to make it again
      const earlier = await find(txid)
      return earlier ? openedAs(earlier, amount_cents) : { ok: false, reason: made.reason }
    },
    look,
    async close(txid) {
      const before = await look(txid)
      if (before.status === 'unknown') return { status: 'closed', pix: [] } // a charge that was never made can't be paid
      if (before.status !== 'open') return before
      const removed = await connection.call('PATCH', `/cob/${txid}`, { status: 'REMOVIDA_PELO_USUARIO_RECEBEDOR' })
      // the provider refuses this when the charge was paid meanwhile
      return removed.ok ? { ...stateOf(readCob(removed.body, txid)), pix: before.pix } : look(txid)
    },
  }
}

export const pixGiveBack =
  (connection: PixConnection): GiveBack =>
  async ({ end_to_end_id, refund_id, amount_cents, attempts }) => {
    if (!end_to_end_id || !/^[A-Za-z0-9]{32}$/.test(end_to_end_id)) {
      return { status: 'refused', reason: 'no_end_to_end_id' }
    }
    const path = `/pix/${end_to_end_id}/devolucao/${refund_id}`
    const find = async (): Promise<RefundAnswer | undefined> => {
      const answer = await connection.call('GET', path)
      if (answer.ok) return refundOf(fittingDevolucao(answer.body), refund_id, amount_cents)
      if (answer.status === 404) return undefined
      throw new ProviderFault(`the refund can't be looked at: ${answer.reason}`)
    }
    const earlier = attempts > 1 ? await find() : undefined
    if (earlier) return earlier
    const asked = await connection.call('PUT', path, { valor: textOf(amount_cents) })
    if (asked.ok) return refundOf(fittingDevolucao(asked.body), refund_id, amount_cents)
    // an earlier request, whose answer was lost, may have used this id: then this one is refused
    return (await find()) ?? { status: 'refused', reason: asked.reason }
  }

function openedAs({ status, valor, pixCopiaECola }: Cob, amount_cents: Cents): Opened {
  if (centsOf(valor.original) !== amount_cents) return { ok: false, reason: 'made_with_another_amount' }
  if (!pixCopiaECola) return { ok: false, reason: 'no_copia_e_cola' }
  if (!isValidPixPayload(pixCopiaECola)) return { ok: false, reason: 'no_br_code' }
  return status === 'ATIVA' || status === 'CONCLUIDA'
    ? { ok: true, pix_copy_paste: pixCopiaECola }
    : { ok: false, reason: 'removed' }
}

/** An overdue charge stays ATIVA, and counts as open until it is removed. */
function stateOf(cob: Cob | undefined): ChargeState {
  if (!cob) return { status: 'unknown', pix: [] }
  const pix = (cob.pix ?? []).map(({ endToEndId, valor, horario }) => ({
    end_to_end_id: endToEndId,
    amount_cents: centsOf(valor),
    paid_at: momentOf(horario),
  }))
  switch (cob.status) {
    case 'ATIVA':
      return { status: 'open', pix }
    case 'CONCLUIDA':
      if (pix.length === 0) throw new ProviderFault('a charge is said to be paid, and by nothing')
      return { status: 'paid', pix }
    case 'REMOVIDA_PELO_USUARIO_RECEBEDOR':
    case 'REMOVIDA_PELO_PSP':
      return { status: 'closed', pix }
    default:
      throw new ProviderFault('a charge is in a state that is not known')
  }
}

/** A refund of another amount is not the requested one: an operator must look at it. */
function refundOf(
  { id, valor, status }: Static<typeof Devolucao>,
  refund_id: string,
  amount_cents: Cents,
): RefundAnswer {
  if (id !== refund_id) throw new ProviderFault('the answer is about another refund')
  if (centsOf(valor) !== amount_cents) return { status: 'refused', reason: 'made_with_another_amount' }
  switch (status) {
    case 'DEVOLVIDO':
      return { status: 'done' }
    case 'EM_PROCESSAMENTO':
      return { status: 'under_way' }
    case 'NAO_REALIZADO':
      return { status: 'refused', reason: 'NAO_REALIZADO' }
    default:
      throw new ProviderFault('a refund is in a state that is not known')
  }
}

const textOf = (cents: Cents): string => `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, '0')}`
const centsOf = (text: string): Cents => Number(text.replace('.', ''))

function momentOf(text: string): Date {
  const at = new Date(text.replace(/:60(?=[.Z+-])/, ':59')) // RFC 3339 has leap seconds, JavaScript has none
  if (Number.isNaN(at.getTime())) throw new ProviderFault('a payment was made at no time')
  return at
}

/** An answer that the API does not describe says nothing about the request, so it is a fault. */
function reader<Schema extends TSchema>(schema: Schema): (body: unknown) => Static<Schema> {
  const fits = Compile(schema)
  return (body) => {
    if (fits.Check(body)) return body
    throw new ProviderFault('the answer is not what the API Pix describes')
  }
}

/** The mail to an admin about a waiting approval: its kind, and where to decide it. No names, no amounts. */
import type { Letter } from './letter.ts'
import { momentOf } from './purchase-letters.ts'

export interface WaitingApproval {
  readonly approval_id: string
  readonly kind: string
  readonly asked_at: string
  readonly expires_at: string
}

const KINDS: Readonly<Record<string, string>> = {
  abatement: 'um abatimento em garantia',
  adjustment: 'um ajuste no saldo de um cliente',
  balance: 'um novo saldo para um cliente',
  credit_limit: 'um novo limite de crédito para um cliente',
  erasure: 'o apagamento dos dados de um cliente',
  agreed_price: 'uma venda por menos do que o limite',
  payment_part: 'um pagamento no balcão',
  price: 'um preço abaixo do limite de desconto',
  return_line: 'um gasto da loja com uma devolução',
  owed_settlement: 'um dinheiro devolvido à mão',
  debt_payment: 'uma dívida dada como paga',
  till_closing: 'uma retirada do caixa, ou uma diferença nele',
  sale_by_hand: 'uma venda marcada à mão',
}

export const approvalLetter = (approval: WaitingApproval, name: string | undefined, origin: string): Letter => ({
  subject: 'Um pedido espera pela sua decisão',
  to: name,
  paragraphs: [
    `Desde ${momentOf(approval.asked_at)} espera por uma segunda pessoa: ${KINDS[approval.kind] ?? 'um pedido além do limite de quem pediu'}.`,
    `Sem resposta, o pedido termina em ${momentOf(approval.expires_at)}.`,
  ],
  link: { words: 'Entrar e decidir', url: `${origin}/painel/aprovacoes` },
})

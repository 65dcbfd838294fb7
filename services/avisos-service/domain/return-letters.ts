/** Mails about a return, in the buyer's words: that it was asked for, that the money goes back, or why it does not. */
import type { Letter } from './letter.ts'
import { type Purchase, reais } from './purchase-letters.ts'

export const RETURN_KINDS = ['return_asked', 'returned', 'return_failed', 'return_cancelled'] as const
export type ReturnKind = (typeof RETURN_KINDS)[number]

const WAY_BACK: Readonly<Record<string, string>> = {
  cash: 'O valor volta para o seu saldo na loja.',
  credit: 'O crédito que você usou fica livre de novo; o que já tinha pago volta para o seu saldo na loja.',
  pix: 'O valor volta por Pix, para a conta de onde saiu. Se o banco recusar, a loja fala com você.',
  counter: 'O valor volta pelo mesmo caminho por que veio; a loja fala com você sobre cada parte.',
}

export function returnLetter(kind: ReturnKind, purchase: Purchase, name: string, origin: string): Letter {
  const { vehicle, amount, payment_type, transaction_id } = purchase
  const link = { words: 'Ver a devolução', url: `${origin}/compra/${transaction_id}` }
  const wayBack = WAY_BACK[payment_type] ?? 'O valor volta pelo mesmo caminho por que veio.'
  const letter = (subject: string, ...paragraphs: string[]): Letter => ({ subject, to: name, paragraphs, link })
  switch (kind) {
    case 'return_asked':
      return letter(
        `Recebemos o seu pedido de devolução do ${vehicle}`,
        `O seu pedido chegou e está valendo desde já. Combine com a loja a entrega do ${vehicle}, com chaves e documentos.`,
        `Quando o carro estiver de volta, devolvemos ${reais(amount)}. ${wayBack}`,
      )
    case 'returned':
      return letter(
        `A devolução do ${vehicle} está concluída`,
        `O ${vehicle} está de volta na loja e a compra foi desfeita: ${reais(amount)}. ${wayBack}`,
      )
    case 'return_failed':
      return letter(
        `A devolução do ${vehicle} não foi concluída`,
        'Algo impediu a devolução, e a compra continua como estava. O seu direito não muda por isso: fale com a loja.',
      )
    case 'return_cancelled':
      return letter(
        `A devolução do ${vehicle} foi cancelada`,
        `A devolução foi cancelada e o ${vehicle} continua seu. Enquanto durar o prazo, você pode pedir de novo.`,
      )
  }
}

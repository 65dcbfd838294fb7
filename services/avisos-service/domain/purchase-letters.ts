/** Letters about a purchase, in the buyer's words: where it stands, what happens next, and where the money is. */
import type { Letter } from './letter.ts'

/** As the orquestrador shows it to the buyer. */
export interface Purchase {
  readonly transaction_id: string
  readonly amount: number
  readonly payment_type: string
  readonly status: string
  readonly vehicle: string
  readonly pix_copy_paste?: string | undefined
  readonly expires_at?: string | undefined
  readonly pickup_code?: string | undefined
  readonly reason?: string | undefined
}

export const PURCHASE_KINDS = [
  'pix_waiting',
  'payment_received',
  'ready_for_pickup',
  'pickup_reminder',
  'pickup_reminder_again',
  'purchase_failed',
  'purchase_cancelled',
] as const
export type PurchaseKind = (typeof PURCHASE_KINDS)[number]

/** Kinds that need not be sent, and are not sent to people who unsubscribed. */
export const isReminder = (kind: PurchaseKind): boolean => kind.startsWith('pickup_reminder')

const REASONS: Readonly<Record<string, string>> = {
  vehicle_unavailable: 'Outra pessoa foi mais rápida e comprou este carro.',
  insufficient_balance: 'O saldo da sua conta não cobria o preço.',
  insufficient_credit_limit: 'O seu limite de crédito não cobria o preço.',
  customer_blocked: 'O seu cadastro precisa de uma conferência da loja.',
  payment_declined: 'O pagamento foi recusado.',
  payment_cancelled: 'O pagamento foi cancelado pelo banco.',
  payment_code_expired: 'O prazo do Pix terminou sem que o pagamento chegasse.',
  provider_refused: 'O Pix não pôde ser gerado.',
  timed_out: 'Uma parte do sistema demorou demais para responder.',
}

export const reais = (amount: number): string =>
  new Intl.NumberFormat('pt-BR', { style: 'currency', currency: 'BRL' }).format(amount)

/** In Brazil's time: `29/11, às 14:30`. */
export function momentOf(at: string): string {
  const format = new Intl.DateTimeFormat('pt-BR', {
    timeZone: 'America/Sao_Paulo',
    ...({ day: '2-digit', month: '2-digit', hour: '2-digit', minute: '2-digit' } as const),
  })
  const part = new Map(format.formatToParts(new Date(at)).map(({ type, value }) => [type, value]))
  return `${part.get('day')}/${part.get('month')}, às ${part.get('hour')}:${part.get('minute')}`
}

/** Undefined when there is nothing of this kind to tell any more. */
export function purchaseLetter(
  kind: PurchaseKind,
  purchase: Purchase,
  name: string,
  origin: string,
): Letter | undefined {
  const { vehicle, amount, payment_type, transaction_id } = purchase
  const isPix = payment_type === 'pix'
  const link = { words: 'Ver a compra', url: `${origin}/compra/${transaction_id}` }
  const to = name
  switch (kind) {
    case 'pix_waiting':
      if (!purchase.pix_copy_paste || !['STARTED', 'IN_PROGRESS'].includes(purchase.status)) return undefined
      return {
        subject: `Pix para o seu ${vehicle}`,
        to,
        paragraphs: [
          `O ${vehicle} está reservado para você. Para ficar com ele, pague ${reais(amount)} por Pix${purchase.expires_at ? ` até ${momentOf(purchase.expires_at)}` : ''}.`,
          'Copie este código e cole no aplicativo do seu banco, em Pix copia e cola:',
        ],
        copy: purchase.pix_copy_paste,
        link,
        notes: ['Se o prazo passar, a reserva termina e nada é cobrado. À noite muitos bancos limitam o valor do Pix.'],
      }
    case 'payment_received':
      return {
        subject: `Recebemos o seu pagamento: ${reais(amount)}`,
        to,
        paragraphs: [
          `Recebemos ${reais(amount)} pelo ${vehicle}. Estamos terminando a venda; você não precisa fazer nada.`,
        ],
        link,
      }
    case 'ready_for_pickup':
      return {
        subject: `O seu ${vehicle} está pronto para a retirada`,
        to,
        paragraphs: ['A venda foi concluída. Na loja, mostre este código e um documento com foto:'],
        code: purchase.pickup_code,
        link,
        notes: ['Quem tem o código retira o carro: não o envie a ninguém.'],
      }
    case 'pickup_reminder':
    case 'pickup_reminder_again':
      if (!purchase.pickup_code) return undefined
      return {
        subject: `O seu ${vehicle} espera por você`,
        to,
        paragraphs: [`O ${vehicle} está pronto na loja. O código de retirada está na página da compra.`],
        link,
      }
    default:
      return {
        subject:
          kind === 'purchase_failed'
            ? `A compra do ${vehicle} não foi concluída`
            : `A compra do ${vehicle} foi cancelada`,
        to,
        paragraphs: [
          ...(kind === 'purchase_failed'
            ? [REASONS[purchase.reason ?? ''] ?? 'Algo do nosso lado impediu a compra.']
            : ['A compra foi cancelada, como você pediu.']),
          isPix
            ? 'Se você pagou o Pix, o valor volta inteiro para a conta de onde saiu. Se não pagou, nada foi cobrado.'
            : 'O valor que estava separado voltou inteiro para a sua conta na loja.',
        ],
        link,
      }
  }
}

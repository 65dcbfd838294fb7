/** The words about a purchase under way, and about one that failed. */
import { exactMoney } from '../formats.ts'
import type { Ending, ForwardStep, UndoStep } from '../store/purchase-story.ts'
import type { StepState } from '../store/story.ts'

type Way = 'cash' | 'credit' | 'pix' | 'counter'

export const purchase = {
  name: (short: string) => `Compra ${short}`,
  titles: {
    running: 'Estamos fechando a compra',
    waiting_for_pix: 'Falta só o Pix',
    completed: 'O carro é seu',
    undoing: 'Estamos desfazendo a compra',
    expired: 'O Pix venceu',
    outrun: 'Outra pessoa foi mais rápida',
    refused_payment: 'O pagamento não passou',
    refused_credit: 'O crédito não passou',
    price_changed: 'O preço mudou',
    failed: 'Não deu para concluir',
    cancelling: 'Estamos cancelando',
    cancelled: 'Compra cancelada',
    stuck: 'Alguém da loja está cuidando disso',
  } satisfies Record<Ending, string>,
  intros: {
    running: () => 'Costuma levar poucos segundos. Esta página muda sozinha.',
    waiting_for_pix: (until: string) =>
      `O carro está separado para você até ${until}. Esta página muda sozinha quando o pagamento cair.`,
    completed: (days: number) =>
      `Fica pronto em até ${days === 1 ? '1 dia útil' : `${days} dias úteis`}. Mostre o código na loja e leve um documento com foto.`,
    undoing: () => 'Algo não deu certo. O que foi reservado ou pago está voltando para você.',
    expired: () => 'O prazo acabou e o pagamento não chegou. Nada foi cobrado.',
    outrun: () => 'O carro foi vendido segundos antes. Você não pagou nada.',
    refused_payment: () => 'O pagamento foi recusado. Nada ficou cobrado.',
    refused_credit: () => 'O valor disponível não cobre este carro. Nada foi reservado.',
    price_changed: () => 'O preço deste carro mudou antes de a reserva terminar. Nada foi cobrado.',
    failed: () => 'Um passo falhou e desfizemos os anteriores. Nada ficou cobrado.',
    cancelling: () => 'O que foi reservado ou pago está voltando para você.',
    cancelled: () => 'Você cancelou. Nada ficou cobrado.',
    stuck: () =>
      'Um passo precisa de uma pessoa. Seu dinheiro está registrado e ninguém precisa fazer nada de novo. Avisamos por e-mail.',
  },
  tags: {
    expired: 'Prazo acabou',
    outrun: 'Não deu',
    refused_payment: 'Não deu',
    refused_credit: 'Não deu',
    price_changed: 'Não deu',
    failed: 'Não deu',
    cancelled: 'Cancelada',
    completed: 'Venda registrada',
    stuck: 'Precisa da loja',
    waiting_for_pix: 'Aguardando o Pix',
    running: 'Em andamento',
    undoing: 'Desfazendo',
    cancelling: 'Cancelando',
  } satisfies Record<Ending, string>,
  progress: 'Andamento da compra',
  /** Title and sentence of each step by its state. */
  step(
    step: ForwardStep | UndoStep,
    state: StepState,
    way: Way,
    total: number,
    isFree: boolean,
  ): readonly [string, string] {
    const money = exactMoney(total)
    const held = way === 'credit' ? 'crédito' : 'saldo'
    switch (step) {
      case 'CREDIT_RESERVATION':
        if (way === 'pix')
          return pick(
            state,
            ['Conferir o seu cadastro', 'Conferimos o seu cadastro', 'O cadastro não passou'],
            'Tudo certo para comprar.',
            'A loja precisa falar com você.',
          )
        return pick(
          state,
          [`Reservar o seu ${held}`, `Reservamos o seu ${held}`, `O ${held} não cobriu`],
          `${money} estão guardados para esta compra.`,
          `${money} não cabem no ${held} disponível.`,
        )
      case 'VEHICLE_RESERVATION':
        return pick(
          state,
          ['Separar o carro', 'Separamos o carro para você', 'Separar o carro'],
          'Ninguém mais consegue comprá-lo enquanto você paga.',
          'Já tinha sido vendido ou reservado.',
        )
      case 'PAYMENT_CODE_GENERATION':
        if (way === 'pix')
          return pick(
            state,
            ['Gerar o código Pix', 'Geramos o código Pix', 'O código Pix não saiu'],
            'Pronto para pagar.',
            'O banco não respondeu como devia.',
          )
        return pick(
          state,
          ['Preparar o pagamento', 'Preparamos o pagamento', 'O pagamento não saiu'],
          'Sem custo para você.',
          'Não foi possível prepará-lo.',
        )
      case 'PAYMENT_PROCESSING':
        if (way === 'pix') {
          if (state === 'now')
            return ['Aguardando o seu Pix', `${money}. Costuma cair em segundos; se demorar, não pague de novo.`]
          return pick(
            state,
            ['Receber o seu Pix', 'Recebemos o seu Pix', 'O Pix não chegou'],
            `${money} recebidos.`,
            'Nada foi cobrado.',
          )
        }
        return pick(
          state,
          ['Pagar', `Pago com o ${held}`, 'O pagamento foi recusado'],
          `${money}.`,
          'Nada ficou cobrado.',
        )
      case 'MARK_VEHICLE_AS_SOLD':
        return pick(
          state,
          ['Registrar a venda', 'Venda registrada', 'A venda não foi registrada'],
          'O código de retirada está nesta página.',
          'Estamos cuidando disso.',
          'Sai o código de retirada.',
        )
      default:
        return undone(step, state, way, money, isFree)
    }
  },
  pixCard: {
    until: (hour: string) => `Pague até ${hour}`,
    value: 'Valor do Pix',
    camera: 'Aponte a câmera do app do seu banco',
    qr: 'Código QR do Pix. O mesmo código está em texto abaixo.',
    codeLabel: 'Pix copia e cola',
    copy: 'Copiar código Pix',
    copied: 'Copiado',
    receiver: (name: string, cnpj: string) => `Quem recebe: ${name}, CNPJ ${cnpj}. Confira o nome antes de confirmar.`,
    ended: 'O prazo acabou. Se você já pagou, aguarde: a página se atualiza.',
    left: (minutes: number) =>
      minutes === 1 ? 'Falta 1 minuto para o Pix vencer' : `Faltam ${minutes} minutos para o Pix vencer`,
  },
  late: (days: string) =>
    `Pagou em cima da hora? O que chegar depois do prazo volta sozinho para a sua conta, em até ${days}.`,
  pickup: {
    code: 'Código de retirada',
    qr: 'Código QR de retirada. O mesmo código está em texto abaixo.',
    document: 'Leve CNH ou RG com CPF',
    where: (address: string) => `Retirada em ${address}`,
  },
  receipt: {
    title: 'Resumo',
    way: 'Forma de pagamento',
    ways: { pix: 'Pix', cash: 'Saldo na conta', credit: 'Crédito da loja', counter: 'No balcão' } satisfies Record<
      Way,
      string
    >,
    total: 'Total',
    started: 'Começou em',
  },
  cancel: {
    button: 'Cancelar a compra',
    help: {
      pix: 'Mudou de ideia? Cancelar agora não custa nada.',
      cash: 'Mudou de ideia? Cancelar agora não custa nada e libera seu saldo.',
      credit: 'Mudou de ideia? Cancelar agora não custa nada e libera seu crédito.',
      counter: 'Mudou de ideia? Cancelar agora não custa nada.',
    } satisfies Record<Way, string>,
  },
  withdrawal: {
    title: 'Mudou de ideia?',
    open: 'Comprou pelo site, pode desistir em até 7 dias depois de receber o carro. Não precisa explicar.',
    until: (day: string) => `Comprou pelo site, pode desistir até ${day}. Não precisa explicar.`,
    button: 'Desistir da compra',
    running: 'Você pediu para devolver este carro.',
    over: 'Este carro foi devolvido.',
    follow: 'Acompanhar a devolução',
    see: 'Ver a devolução',
  },
  again: { expired: 'Tentar de novo', other: 'Ver carros parecidos', all: 'Ver outros carros', same: 'Ver o carro' },
  noScripts: 'Sem scripts, esta página se atualiza sozinha a cada 8 segundos.',
}

function pick(
  state: StepState,
  [ahead, done, failed]: readonly [string, string, string],
  good: string,
  bad: string,
  later = '',
): readonly [string, string] {
  if (state === 'done') return [done, good]
  if (state === 'failed') return [failed, bad]
  if (state === 'stopped') return [ahead, 'Você cancelou aqui.']
  return [ahead, later]
}

const undo = (state: StepState, [doing, done]: readonly [string, string], good: string): readonly [string, string] =>
  state === 'undone' ? [done, good] : [doing, state === 'stuck' ? 'Uma pessoa da loja está terminando isto.' : '']

function undone(step: UndoStep, state: StepState, way: Way, money: string, isFree: boolean): readonly [string, string] {
  const held = way === 'credit' ? 'crédito' : 'saldo'
  switch (step) {
    case 'PAYMENT_REFUND':
      return undo(
        state,
        isFree
          ? ['Cancelando o código de pagamento', 'Cancelamos o código de pagamento']
          : ['Devolvendo o pagamento', 'Devolvemos o pagamento'],
        isFree ? 'Ele não pode mais ser pago.' : `${money} voltam pelo mesmo caminho.`,
      )
    case 'VEHICLE_RELEASE':
      return undo(state, ['Liberando o carro', 'Liberamos o carro'], 'Ele voltou para a loja.')
    case 'CREDIT_RELEASE':
      if (way === 'pix') return undo(state, ['Encerrando', 'Encerramos a compra'], 'Nada ficou reservado em seu nome.')
      return undo(state, [`Devolvendo o seu ${held}`, `Devolvemos o seu ${held}`], `${money} livres de novo.`)
  }
}

/** The words about a return. */
import { counted, exactMoney } from '../formats.ts'
import type { ReturnEnding, ReturnStep } from '../store/return-story.ts'
import type { StepState } from '../store/story.ts'

type Way = 'cash' | 'credit' | 'pix' | 'counter'

const days = (number: number) => counted(number, 'dia útil', 'dias úteis')

export const withdraw = {
  title: 'Desistir desta compra?',
  what: (name: string, total: number) => `Você devolve ${name} e recebe ${exactMoney(total)} de volta, sem desconto.`,
  next: 'O que acontece',
  bring: (address: string, hours: string) => `Você traz o carro à loja: ${address}. ${hours}`,
  keep: 'Se você ainda não retirou o carro, ele já está aqui: não precisa vir.',
  look: 'Conferimos a quilometragem na hora. Você não paga nada por isso.',
  back: {
    pix: (total: number, within: number) =>
      `O Pix de ${exactMoney(total)} volta para a conta de onde saiu, em até ${days(within)} depois que recebermos o carro.`,
    cash: (total: number) => `${exactMoney(total)} voltam para o seu saldo assim que recebermos o carro.`,
    credit: (total: number) => `${exactMoney(total)} do seu crédito ficam livres assim que recebermos o carro.`,
    counter: (total: number) =>
      `${exactMoney(total)} voltam para quem pagou. Quando recebermos o carro, a loja combina como.`,
  } satisfies Record<Way, (total: number, within: number) => string>,
  undo: 'Até entregar o carro, você pode mudar de ideia e ficar com ele.',
  reason: 'Quer contar por quê?',
  reasonHint: 'Não é obrigatório. Não escreva nomes nem documentos.',
  confirm: 'Desistir da compra',
  busy: 'Pedindo…',
  stay: 'Ficar com o carro',
  refused: {
    return_right_over: 'O prazo de 7 dias depois de receber o carro já passou. Fale com a loja.',
    return_right_absent: 'Esta compra foi feita na loja. Para devolver, fale com a loja.',
    not_returnable: 'Esta compra não pode ser devolvida agora.',
    other: 'O pedido não foi feito. Tente de novo em um minuto.',
  },
}

export const giveBack = {
  name: (short: string) => `Devolução ${short}`,
  titles: {
    asked: 'Estamos abrindo a devolução',
    waiting: 'Falta você trazer o carro',
    refunding: 'Seu dinheiro está voltando',
    completed: 'Devolução concluída',
    ending: 'Estamos encerrando a devolução',
    called_off: 'Você ficou com o carro',
    late: 'O prazo para trazer o carro acabou',
    failed: 'A devolução não foi feita',
    stuck: 'Alguém da loja está cuidando disso',
  } satisfies Record<ReturnEnding, string>,
  tags: {
    asked: 'Em andamento',
    waiting: 'Esperando o carro',
    refunding: 'Devolvendo',
    completed: 'Concluída',
    ending: 'Encerrando',
    called_off: 'Encerrada',
    late: 'Prazo acabou',
    failed: 'Não deu',
    stuck: 'Com a loja',
  } satisfies Record<ReturnEnding, string>,
  intro(ending: ReturnEnding, until: string): string {
    switch (ending) {
      case 'asked':
        return 'Leva poucos segundos. Esta página muda sozinha.'
      case 'waiting':
        return `Esperamos o carro até ${until}. Se você ainda não o retirou, não precisa vir. Esta página muda sozinha.`
      case 'refunding':
        return 'Recebemos o carro. Você não precisa fazer mais nada.'
      case 'completed':
        return 'O carro voltou para a loja e o dinheiro, para você.'
      case 'ending':
        return 'O carro continua com você. Leva poucos segundos.'
      case 'called_off':
        return 'A devolução acabou aqui e nada mudou na sua compra.'
      case 'late':
        return 'O carro não chegou no prazo e a devolução foi encerrada. Se ainda quer devolver, fale com a loja.'
      case 'failed':
        return 'O pedido não pôde ser aberto. Fale com a loja.'
      case 'stuck':
        return 'Um passo precisa de uma pessoa. Seu pedido está registrado e ninguém precisa fazer nada de novo.'
    }
  },
  progress: 'Andamento da devolução',
  step(step: ReturnStep, state: StepState, way: Way, total: number): readonly [string, string] {
    const money = exactMoney(total)
    const isDone = state === 'done' || state === 'undone'
    switch (step) {
      case 'HOLD_FOR_RETURN':
        return isDone ? ['Recebemos o seu pedido', 'Está registrado, com data e hora.'] : ['Registrar o pedido', '']
      case 'RETURN_RECEIPT':
        if (state === 'stopped') return ['Receber o carro', 'Você decidiu ficar com ele.']
        if (state === 'failed') return ['Receber o carro', 'Ele não chegou no prazo.']
        return isDone
          ? ['Recebemos o carro', 'Conferimos a quilometragem com você.']
          : ['Receber o carro na loja', 'Traga a chave reserva e os documentos que levou.']
      case 'CREDIT_RETURN':
        if (way === 'credit')
          return isDone ? ['Liberamos o seu crédito', `${money} livres de novo.`] : ['Liberar o seu crédito', '']
        return isDone ? ['Devolvemos ao seu saldo', `${money} estão na sua conta.`] : ['Devolver ao seu saldo', '']
      case 'PAYMENT_RETURN':
        if (way === 'counter')
          return isDone
            ? ['Registramos o que devolver', `${money} voltam para quem pagou. A loja combina como.`]
            : ['Registrar o que devolver', `${money}.`]
        return isDone
          ? ['Devolvemos o seu Pix', `${money} voltam para a conta de onde saíram.`]
          : ['Devolver o seu Pix', `${money}.`]
      case 'VEHICLE_RETURN':
        return isDone ? ['O carro é da loja de novo', 'A compra está desfeita.'] : ['Encerrar a compra', '']
      case 'RETURN_HOLD_RELEASE':
        return isDone ? ['Encerramos a devolução', 'O carro continua seu.'] : ['Encerrando a devolução', '']
    }
  },
  owed: (amount: number, way: Way) =>
    way === 'counter'
      ? `A loja devolve ${exactMoney(amount)} a quem pagou, e fala com você para combinar como.`
      : `O banco não aceitou devolver ${exactMoney(amount)} por Pix. A loja fala com você para combinar outro jeito.`,
  bring: { title: 'Onde entregar', until: 'Até', document: 'Leve um documento com foto' },
  keep: {
    title: 'Mudou de ideia?',
    help: 'A devolução acaba aqui, o carro continua seu e nada é devolvido.',
    button: 'Ficar com o carro',
    busy: 'Encerrando…',
    tooLate: 'A loja já recebeu o carro: a devolução vai até o fim.',
  },
  purchase: 'Ver a compra',
  list: {
    title: 'Devoluções',
    none: 'Nenhum carro devolvido. Comprou pelo site? Dá para desistir em até 7 dias depois de receber o carro, na página da compra.',
    purchases: 'Ver minhas compras',
    states: {
      open: ['Em andamento', 'warn'],
      completed: ['Concluída', 'good'],
      cancelled: ['Encerrada', 'neutral'],
    } as const,
    asked: (day: string) => `Pedida em ${day}`,
    received: (day: string) => `Carro recebido em ${day}`,
    follow: 'Acompanhar',
    more: 'Ver mais antigas',
  },
}

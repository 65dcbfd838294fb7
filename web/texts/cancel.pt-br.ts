/** The words of the page that cancels a purchase. */

type Way = 'cash' | 'credit' | 'pix' | 'counter'

export const cancel = {
  title: 'Cancelar esta compra?',
  what: (name: string) => `Você está cancelando a compra de ${name}.`,
  back: 'O que acontece',
  points: {
    pix: [
      'O carro volta para a loja e pode ser comprado por outra pessoa.',
      'O código Pix deixa de valer.',
      'Se você já pagou, o valor volta pelo mesmo caminho.',
    ],
    cash: ['O carro volta para a loja e pode ser comprado por outra pessoa.', 'O saldo reservado fica livre de novo.'],
    credit: [
      'O carro volta para a loja e pode ser comprado por outra pessoa.',
      'O crédito reservado fica livre de novo.',
    ],
    counter: ['O carro volta para a loja.', 'O que foi pago volta pelo mesmo caminho.'],
  } satisfies Record<Way, readonly string[]>,
  confirm: 'Cancelar a compra',
  busy: 'Cancelando…',
  keep: 'Continuar comprando',
  tooLate:
    'A venda já está sendo registrada e não dá mais para cancelar. Você ainda pode desistir em até 7 dias depois de receber o carro.',
}

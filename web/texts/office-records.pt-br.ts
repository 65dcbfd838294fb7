/** What the office says of its records: who read what, and who did what. */
import { counted } from '../formats.ts'

export const records = {
  title: 'Registros',
  about: 'Quem leu dados descobertos, e quem fez o quê. Uma linha nunca é apagada.',
  books: { 'access-log': 'Leituras de dados', journal: 'Atos' },
  service: 'Serviço',
  book: 'Livro',
  show: 'Ver',
  check: 'Conferir',
  whole: (count: number) => `Confere: ${counted(count, 'linha', 'linhas')}, nenhuma mudada nem tirada.`,
  partial: (count: number) => `Confere até a linha ${count}. O resto confere o comando “access-log verify”.`,
  broken: (at: number, why: string) =>
    `A linha ${at} ${why}. Chame quem cuida da segurança antes de qualquer outra coisa.`,
  reasons: {
    missing: 'falta',
    not_linked: 'não segue a anterior: uma das duas foi mudada',
    altered: 'foi mudada',
    not_as_kept: 'não é a que foi guardada fora do banco',
    forged: 'tem uma cópia guardada que este serviço não assinou',
  },
  none: 'Nada ainda.',
  columns: { at: 'Quando', who: 'Quem', what: 'O quê', about: 'De quem', why: 'Por quê' },
  byPage: 'ao abrir a ficha',
}

export const keys = {
  title: 'Teclas',
  close: 'Fechar',
  list: [
    ['Ctrl K', 'buscar qualquer coisa'],
    ['G H', 'Hoje'],
    ['G V', 'Vendas'],
    ['G E', 'Estoque'],
    ['G C', 'Clientes'],
    ['G D', 'Dinheiro'],
    ['G R', 'Relatórios'],
    ['G O', 'Operação'],
    ['N V', 'venda de balcão'],
    ['N C', 'cadastrar veículo'],
    ['J K', 'linha abaixo, linha acima'],
    ['Enter', 'abrir a linha'],
    ['E', 'editar: o preço da linha, ou a ficha'],
    ['Espaço', 'marcar a linha'],
    ['R', 'ir a “tentar de novo”'],
    ['X', 'ir a “cancelar”, que ainda pergunta'],
    ['Esc', 'sair do que está aberto'],
    ['F', 'ir ao filtro'],
    ['?', 'esta lista'],
  ] as const,
}

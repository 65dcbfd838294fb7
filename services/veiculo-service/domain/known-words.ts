/**
 * The usual words for what buyers filter by. A word that is typed in another case, without accents or in the feminine
 * becomes the usual word, so that filters and counts see one colour and not three. Any other word stays as it was typed.
 */
export const KNOWN_WORDS = {
  color: [
    ...['Amarelo', 'Azul', 'Bege', 'Branco', 'Cinza', 'Dourado', 'Laranja', 'Marrom', 'Prata', 'Preto', 'Rosa', 'Roxo'],
    ...['Verde', 'Vermelho', 'Vinho'],
  ],
  body: ['hatch', 'sedã', 'SUV', 'picape', 'perua', 'minivan', 'cupê', 'conversível', 'furgão', 'moto'],
  fuel: ['flex', 'gasolina', 'etanol', 'diesel', 'elétrico', 'híbrido', 'GNV'],
  transmission: ['manual', 'automático', 'automatizado', 'CVT'],
} as const

export type KnownFact = keyof typeof KNOWN_WORDS

/** Accents and case do not count. */
export const folded = (word: string): string =>
  word
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()

/** Other words for the known ones, folded. */
const ALSO: Readonly<Record<string, string>> = {
  branca: 'Branco',
  preta: 'Preto',
  vermelha: 'Vermelho',
  amarela: 'Amarelo',
  dourada: 'Dourado',
  roxa: 'Roxo',
  prateado: 'Prata',
  prateada: 'Prata',
  sedan: 'sedã',
  pickup: 'picape',
  coupe: 'cupê',
  hatchback: 'hatch',
  alcool: 'etanol',
  eletrica: 'elétrico',
  hibrida: 'híbrido',
  automatica: 'automático',
}

/** The word trimmed and in its usual form. */
export function knownWord(fact: KnownFact, typed: string): string {
  const trimmed = typed.trim()
  const usual: readonly string[] = KNOWN_WORDS[fact]
  const meant = ALSO[folded(trimmed)]
  return (
    usual.find((word) => folded(word) === folded(trimmed)) ??
    (meant !== undefined && usual.includes(meant) ? meant : trimmed)
  )
}

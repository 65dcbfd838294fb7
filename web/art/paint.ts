/** The colours that cars are sold in, and the paints of their drawings. */

/** By the word that the stock uses, without accents. An unknown word gets the first row. */
const PAINTS = {
  prata: '#c2c7cb',
  branco: '#f3f3ef',
  preto: '#2a2e32',
  cinza: '#727a81',
  vermelho: '#a3262a',
  azul: '#2f5d8c',
  verde: '#2e5a47',
  laranja: '#cf5f28',
  bege: '#c3b291',
  amarelo: '#d9a52b',
  marrom: '#5d4436',
  vinho: '#5e1f2b',
  dourado: '#b89b5e',
  roxo: '#5b4a78',
} as const

export type Paint = keyof typeof PAINTS

const SAME: Readonly<Record<string, Paint>> = {
  branca: 'branco',
  preta: 'preto',
  grafite: 'cinza',
  chumbo: 'cinza',
  vermelha: 'vermelho',
  amarela: 'amarelo',
  areia: 'bege',
  bordo: 'vinho',
  bronze: 'marrom',
  cobre: 'laranja',
}

export const isPaint = (word: string): word is Paint => Object.hasOwn(PAINTS, word)
export const hexOf = (paint: Paint): string => PAINTS[paint]

/** `Branco perolizado` gets the same paint as `branca`. */
export function paintOf(color: string): Paint {
  const words = color
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^a-z]+/)
  for (const word of words) {
    if (isPaint(word)) return word
    const same = SAME[word]
    if (same) return same
  }
  return 'prata'
}

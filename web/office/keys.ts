/** The keyboard shortcuts of the office: a letter alone, or after `G` (go to) or `N` (new). Pure. */

export type KeyAct =
  | { readonly kind: 'go'; readonly to: string }
  | { readonly kind: 'wait'; readonly after: 'g' | 'n' }
  | { readonly kind: 'row'; readonly by: -1 | 1 }
  | { readonly kind: 'open' | 'filter' | 'help' | 'mark' }
  /** Goes to what the page offers for this letter; it presses nothing that moves money. */
  | { readonly kind: 'offer'; readonly letter: 'e' | 'r' | 'x' }

// biome-ignore format: a row a place
export const PLACES = [
  ['g', 'h', '/painel'],
  ['g', 'v', '/painel/vendas'],
  ['g', 'e', '/painel/estoque'],
  ['g', 'c', '/painel/clientes'],
  ['g', 'd', '/painel/dinheiro'],
  ['g', 'r', '/painel/relatorios'],
  ['g', 'o', '/painel/operacao'],
  ['n', 'v', '/painel/balcao'],
  ['n', 'c', '/painel/estoque/novo'],
] as const

/** `before`: `G` or `N`, if it was pressed just before. Undefined: the key has no meaning. */
export function actOf(key: string, before: 'g' | 'n' | undefined): KeyAct | undefined {
  const letter = key.toLowerCase()
  const place = PLACES.find(([first, second]) => first === before && second === letter)
  if (place) return { kind: 'go', to: place[2] }
  switch (letter) {
    case 'g':
    case 'n':
      return { kind: 'wait', after: letter }
    case 'j':
      return { kind: 'row', by: 1 }
    case 'k':
      return { kind: 'row', by: -1 }
    case 'enter':
      return { kind: 'open' }
    case 'f':
      return { kind: 'filter' }
    case ' ':
      return { kind: 'mark' }
    case 'e':
    case 'r':
    case 'x':
      return { kind: 'offer', letter }
    case '?':
      return { kind: 'help' }
    default:
      return undefined
  }
}

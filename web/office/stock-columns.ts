/** The columns of the stock, and which of them somebody has chosen: the address keeps it. Pure. */

/** By their names in the address; the car and its price are always there. */
export const COLUMNS = ['placa', 'estado', 'km', 'dias', 'ano', 'combustivel', 'cambio', 'fotos', 'entrada'] as const
export type Column = (typeof COLUMNS)[number]

const USUAL: readonly Column[] = ['placa', 'estado', 'km', 'dias']

/** `coluna=carro` alone is a choice too: none but those that are always there. */
export function columnsIn(search: URLSearchParams): readonly Column[] {
  const chosen = search.getAll('coluna')
  return chosen.length === 0 ? USUAL : COLUMNS.filter((one) => chosen.includes(one))
}

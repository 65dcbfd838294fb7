/** The columns of a file of vehicles: the fields of `POST /vehicles`, by their own names or as a Brazilian spreadsheet calls them. */
import { amountTyped } from '#platform/typed-numbers'
import { folded } from '../domain/known-words.ts'

const TEXT = (cell: string) => cell
/** A cell without a number stays text, which the field then refuses. */
const NUMBER = (cell: string): number | string => amountTyped(cell) ?? cell
const YES_OR_NO = (cell: string): boolean | string => {
  const said = folded(cell)
  if (['sim', 's', 'true', '1', 'yes'].includes(said)) return true
  return ['nao', 'n', 'false', '0', 'no'].includes(said) ? false : cell
}
const SOURCES: Readonly<Record<string, string>> = {
  compra: 'purchase',
  troca: 'trade_in',
  consignacao: 'consignment',
}
const SOURCE = (cell: string) => SOURCES[folded(cell)] ?? cell
const LIST = (cell: string) => cell.split('|').map((one) => one.trim())

interface Column {
  readonly names: readonly string[]
  readonly read: (cell: string) => unknown
}

/** By their headings, folded. */
const COLUMNS: Readonly<Record<string, Column>> = {
  brand: { names: ['marca'], read: TEXT },
  model: { names: ['modelo'], read: TEXT },
  version: { names: ['versao'], read: TEXT },
  year: { names: ['ano', 'ano fabricacao'], read: NUMBER },
  model_year: { names: ['ano modelo'], read: NUMBER },
  color: { names: ['cor'], read: TEXT },
  price: { names: ['preco', 'valor'], read: NUMBER },
  license_plate: { names: ['placa'], read: TEXT },
  chassi_number: { names: ['chassi', 'chassis'], read: TEXT },
  renavam: { names: [], read: TEXT },
  mileage_km: { names: ['km', 'quilometragem'], read: NUMBER },
  fuel: { names: ['combustivel'], read: TEXT },
  transmission: { names: ['cambio'], read: TEXT },
  body: { names: ['carroceria'], read: TEXT },
  doors: { names: ['portas'], read: NUMBER },
  options: { names: ['opcionais'], read: LIST },
  description: { names: ['descricao'], read: TEXT },
  publish: { names: ['publicar'], read: YES_OR_NO },
  acquired_at: { names: ['data compra', 'comprado em'], read: TEXT },
  acquisition_cost: { names: ['custo', 'valor compra'], read: NUMBER },
  source: { names: ['origem'], read: SOURCE },
}

/** The field that a heading names; undefined: an unknown heading. */
export function fieldOf(heading: string): string | undefined {
  const name = folded(heading)
    .replace(/[_\s]+/g, ' ')
    .trim()
  return Object.keys(COLUMNS).find(
    (field) => field.replaceAll('_', ' ') === name || COLUMNS[field]?.names.includes(name),
  )
}

/** The body that a row stands for; an empty cell says nothing. */
export function bodyOf(fields: readonly string[], cells: readonly string[]): Record<string, unknown> {
  const told = fields.map((field, index) => [field, cells[index] ?? ''] as const).filter(([, cell]) => cell !== '')
  return Object.fromEntries(told.map(([field, cell]) => [field, COLUMNS[field]?.read(cell)]))
}

/** A value of a record as people read it, by the name of its field. Pure. */
import { amount, money } from '../formats.ts'
import { counter } from '../texts/office-counter.pt-br.ts'

const MONEY = new Set([
  ...[
    'highest',
    'list',
    'limit',
    'taken',
    'moved',
    'price',
    'agreed_price',
    'amount',
    'credit_limit',
    'account_balance',
    'balance',
    'cost',
    'abatement',
  ],
])
const YEARS = new Set(['year', 'model_year'])

export function fieldValue(name: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return '–'
  if (typeof value === 'number') return MONEY.has(name) ? money(value) : YEARS.has(name) ? String(value) : amount(value)
  if (typeof value === 'boolean') return value ? 'sim' : 'não'
  return typeof value === 'object' ? JSON.stringify(value) : (counter.methods[String(value)] ?? String(value))
}

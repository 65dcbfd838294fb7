/** The stock as portals take it: one row a vehicle, nothing that is not on its page. Pure. */
import type { Vehicle } from '../../../clients/typescript/operations.ts'
import { pathOf, widePictureOf } from '../vehicle-facts.ts'

export const COLUMNS = [
  'id',
  'url',
  'brand',
  'model',
  'year',
  'color',
  'price',
  'currency',
  'mileage_km',
  'fuel',
  'transmission',
  'image',
  'updated_at',
] as const

export type FeedRow = Readonly<Record<(typeof COLUMNS)[number], string | number | null>>

export function feedRow(vehicle: Vehicle, origin: string): FeedRow {
  const { id, brand, model, year, color, price, mileage_km, fuel, transmission, updated_at } = vehicle
  return {
    id,
    url: origin + pathOf(vehicle),
    brand,
    model,
    year,
    color,
    price,
    currency: 'BRL',
    mileage_km: mileage_km ?? null,
    fuel: fuel ?? null,
    transmission: transmission ?? null,
    image: origin + widePictureOf(vehicle),
    updated_at,
  }
}

/** RFC 4180. A cell that a spreadsheet would take for a formula is made text. */
export function csv(rows: readonly FeedRow[]): string {
  const lines = rows.map((row) => COLUMNS.map((column) => cell(row[column])).join(','))
  return [COLUMNS.join(','), ...lines, ''].join('\r\n')
}

function cell(value: string | number | null): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value ?? '')
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/**
 * Takes in the vehicles of a file. Good rows go in batches, bad ones are reported with line and field, and vehicles that
 * are here already are skipped.
 */
import type { Author } from '#host'
import type { UnitOfWork } from '#messaging'
import type { Row } from '#platform/csv'
import type { Queryable } from '#platform/database/database'
import { violatedConstraint } from '#platform/database/pg-errors'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import type { RepricingParts } from '../vehicles/repricing.ts'
import { type Arrival, takeIn } from '../vehicles/take-in.ts'
import { fingerprintsOf, inHouseOf } from '../vehicles/vehicle-store.ts'
import { bodyOf, fieldOf } from './columns.ts'

export interface ImportParts extends RepricingParts {
  readonly database: Queryable
  readonly unitOfWork: UnitOfWork
  readonly vault: Vault
}

interface Fault {
  readonly line: number
  readonly field: string
  readonly message: string
}

export interface Imported {
  readonly taken_in: number
  /** Rows whose plate, chassi or RENAVAM is in the house already, or in an earlier row. */
  readonly known: number
  readonly errors: Fault[]
}

interface Good extends Arrival {
  readonly line: number
  readonly prints: readonly string[]
}

const BATCH = 100

/** `read` makes an arrival of a body, or throws a problem with its errors. The first row names the columns. */
export async function importVehicles(
  parts: ImportParts,
  [header, ...rows]: readonly Row[],
  read: (body: Record<string, unknown>) => Arrival,
  by: Author,
): Promise<Imported> {
  if (!header) return { taken_in: 0, known: 0, errors: [] }
  const fields = header.cells.map(fieldOf)
  const faults = header.cells.flatMap((heading, index) => {
    const field = fields[index]
    if (field === undefined) return { line: header.line, field: heading, message: 'is no column that is known' }
    return fields.indexOf(field) < index ? { line: header.line, field: heading, message: 'is there twice' } : []
  })
  if (faults.length > 0) return { taken_in: 0, known: 0, errors: faults }
  const errors: Fault[] = []
  const good = rows.flatMap((row) => readRow(parts, row, fields as string[], read, errors))
  let [taken_in, known] = [0, 0]
  for (let start = 0; start < good.length; start += BATCH) {
    const batch = good.slice(start, start + BATCH)
    const fresh = await unknownOf(parts.database, batch, good.slice(0, start))
    taken_in += await takeAll(parts, fresh, by)
    known += batch.length - fresh.length
  }
  return { taken_in, known, errors }
}

function readRow(
  { vault }: ImportParts,
  { line, cells }: Row,
  fields: readonly string[],
  read: (body: Record<string, unknown>) => Arrival,
  errors: Fault[],
): Good[] {
  if (cells.slice(fields.length).some((cell) => cell !== '')) {
    errors.push({ line, field: '', message: 'has more cells than there are columns' })
    return []
  }
  try {
    const arrival = read(bodyOf(fields, cells))
    return [{ ...arrival, line, prints: fingerprintsOf(vault, arrival.details) }]
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const told = (error.extensions.errors ?? []) as readonly { path: string; message: string }[]
    const faults = told.map(({ path, message }) => ({ line, field: path.slice(1), message }))
    errors.push(...(faults.length > 0 ? faults : [{ line, field: '', message: error.message }]))
    return []
  }
}

/** The rows of the batch that are neither in the house nor in an earlier row. */
async function unknownOf(tx: Queryable, batch: readonly Good[], before: readonly Good[]): Promise<Good[]> {
  const seen = await inHouseOf(
    tx,
    batch.flatMap(({ prints }) => prints),
  )
  for (const { prints } of before) for (const print of prints) seen.add(print)
  return batch.filter(({ prints }) => {
    const isKnown = prints.some((print) => seen.has(print))
    for (const print of prints) seen.add(print)
    return !isKnown
  })
}

/** One transaction for all. If somebody else has just taken one of them in, each gets a transaction of its own. */
async function takeAll(parts: ImportParts, arrivals: readonly Good[], by: Author): Promise<number> {
  if (arrivals.length === 0) return 0
  try {
    await parts.unitOfWork(async (tx, send) => {
      for (const arrival of arrivals) await takeIn(tx, send, parts, arrival, by)
    })
    return arrivals.length
  } catch (error) {
    if (violatedConstraint(error) === undefined) throw error
    if (arrivals.length === 1) return 0
  }
  let taken = 0
  for (const arrival of arrivals) taken += await takeAll(parts, [arrival], by)
  return taken
}

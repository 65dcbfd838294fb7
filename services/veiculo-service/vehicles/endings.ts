/**
 * The last characters of a vehicle's papers, as lists show them to everybody but staff. They are opened once and remembered with the
 * sealed text that they came from, so a new sealed text is opened anew. Whole papers are never kept.
 */
import type { Vault } from '#platform/vault/vault'
import { mask } from '../domain/vehicle.ts'
import { openedForList, type VehicleRow } from './vehicle-store.ts'

type Masked = Pick<VehicleRow, 'license_plate' | 'chassi_number' | 'renavam'>
interface Ending {
  readonly sealed: Masked
  readonly masked: Masked
}

/** Each takes some 700 bytes. */
const KEPT = 20_000

/** The rows with masked papers, and without the person who took the vehicle. Papers that can't be opened are empty. */
export function openEndings(vault: Vault): <Row extends VehicleRow>(rows: readonly Row[]) => Promise<Row[]> {
  const known = new Map<number, Ending>()

  function keep(id: number, ending: Ending) {
    known.delete(id) // put at the end: the first in the map is the oldest
    known.set(id, ending)
    const [oldest] = known.keys()
    if (known.size > KEPT && oldest !== undefined) known.delete(oldest)
  }

  async function maskedOf(row: VehicleRow): Promise<Masked> {
    const sealed = papersOf(row)
    const last = known.get(row.id)
    if (last && isSame(last.sealed, sealed)) return last.masked
    const [opened] = await openedForList(vault, [row])
    const masked = masksOf(opened ?? row)
    if (masked.license_plate !== '') keep(row.id, { sealed, masked })
    return masked
  }

  return (rows) =>
    Promise.all(
      rows.map(async (row) => {
        const shown = { ...row, received_by: null }
        return { ...shown, ...(await maskedOf(shown)) }
      }),
    )
}

const papersOf = ({ license_plate, chassi_number, renavam }: Masked): Masked => ({
  license_plate,
  chassi_number,
  renavam,
})

const masksOf = ({ license_plate, chassi_number, renavam }: Masked): Masked => ({
  license_plate: mask(license_plate, 3),
  chassi_number: mask(chassi_number, 4),
  renavam: mask(renavam, 4),
})

const isSame = (one: Masked, other: Masked) =>
  one.license_plate === other.license_plate &&
  one.chassi_number === other.chassi_number &&
  one.renavam === other.renavam

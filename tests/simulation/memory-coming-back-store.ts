/** The twin of veiculo-service's coming-back-store.ts in memory. */
import type { VehicleReturn } from '../../services/veiculo-service/domain/coming-back.ts'
import type { Vehicle } from '../../services/veiculo-service/domain/vehicle.ts'
import type * as real from '../../services/veiculo-service/returns/coming-back-store.ts'
import { on, staged, type Table } from './memory.ts'
import { vehicles } from './memory-reservation-store.ts'

const isLive = ({ status }: VehicleReturn) => status === 'held' || status === 'taken_back'

export const vehicleReturns: Table<VehicleReturn> = {
  name: 'vehicle_returns',
  check(row, rows) {
    if (!isLive(row)) return undefined
    for (const other of rows)
      if (other !== row && other.purchase_id === row.purchase_id && isLive(other)) return 'vehicle_returns_one_live'
    return undefined
  },
}

export const findReturns: typeof real.findReturns = (tx, return_ids, purchase_ids) =>
  on(tx, ({ rows }) =>
    [...rows(vehicleReturns).values()].filter(
      (one) => return_ids.includes(one.return_id) || (purchase_ids.includes(one.purchase_id) && isLive(one)),
    ),
  )

/** Papers have no twin: no car comes in twice here. */
export const findInAgain: typeof real.findInAgain = async () => []

/** Kept by warranty.ts: what was taken off the price of a purchase, by claim. */
export interface AbatementRow {
  readonly claim_id: number
  readonly purchase_id: string
  readonly customer_id: number
  readonly abated_cents: number
}
export const abatements: Table<AbatementRow> = { name: 'warranty_claims' }

export const findAbatements: typeof real.findAbatements = (tx, purchase_ids) =>
  on(tx, ({ rows }) =>
    purchase_ids.flatMap((purchase_id) => {
      const of = [...rows(abatements).values()].filter((one) => one.purchase_id === purchase_id)
      return of.length > 0 ? { purchase_id, abated_cents: of.reduce((sum, one) => sum + one.abated_cents, 0) } : []
    }),
  )

export const insertReturns: typeof real.insertReturns = (tx, returns) => {
  for (const one of returns) staged(tx).insert(vehicleReturns, one.return_id, one)
}

export const updateReturns: typeof real.updateReturns = (tx, returns) => {
  for (const { return_id, status, reason } of returns)
    staged(tx).update(vehicleReturns, return_id, (row) => ({ ...row, status, reason }) as VehicleReturn)
}

export const updateComingBack: typeof real.updateComingBack = (tx, coming, now) => {
  for (const { vehicle, mileage_km } of coming) {
    const { id, price_cents: _same, ...standing } = vehicle
    staged(tx).update(vehicles, id, (row) => {
      const received_by = standing.status === 'picked_up' ? row.received_by : null
      return { ...row, ...standing, received_by, mileage_km: mileage_km ?? row.mileage_km, updated_at: now } as Vehicle
    })
  }
}

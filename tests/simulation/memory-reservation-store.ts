/** The twin of veiculo-service's reservation-store.ts in memory. */
import type { Reservation } from '../../services/veiculo-service/domain/reservation.ts'
import type { Vehicle } from '../../services/veiculo-service/domain/vehicle.ts'
import type * as real from '../../services/veiculo-service/reservations/reservation-store.ts'
import { on, staged, type Table } from './memory.ts'

export const vehicles: Table<Vehicle> = {
  name: 'vehicles',
  check({ status, reserved_by, sold_at, sold_to_transaction }) {
    const isSold = status === 'sold' || status === 'picked_up'
    if ((status === 'reserved') !== (reserved_by !== null)) return 'vehicles_reserved_by_someone'
    if (isSold !== (sold_at !== null)) return 'vehicles_sold_at_some_time'
    return sold_to_transaction !== null && !isSold ? 'vehicles_sold_to_a_sold_one' : undefined
  },
}

const isLive = ({ status }: Reservation) => status === 'reserved' || status === 'sold'

export const reservations: Table<Reservation> = {
  name: 'vehicle_reservations',
  check(row, rows) {
    if (!isLive(row)) return undefined
    for (const other of rows)
      if (other !== row && other.vehicle_id === row.vehicle_id && isLive(other)) return 'vehicle_reservations_one_live'
    return undefined
  },
}

export const lockStock: typeof real.lockStock = (tx, ids) => {
  const keys = [...ids].sort((one, other) => one - other)
  return on(tx, ({ get }) => keys.flatMap((id) => get(vehicles, id) ?? []), [vehicles, () => keys])
}

export const findReservations: typeof real.findReservations = (tx, ids) =>
  on(tx, ({ get }) => ids.flatMap((id) => get(reservations, id) ?? []))

export const updateStock: typeof real.updateStock = (tx, stock, now) => {
  for (const { id, status, reserved_by, sold_at, sold_to_transaction, pickup_code, pickup_print, revision } of stock) {
    const code = { pickup_code, pickup_print }
    const standing = { status, reserved_by, sold_at, sold_to_transaction, ...code, revision, updated_at: now }
    staged(tx).update(vehicles, id, (row) => ({ ...row, ...standing }) as Vehicle)
  }
}

export const insertReservations: typeof real.insertReservations = (tx, made) => {
  for (const one of made) staged(tx).insert(reservations, one.transaction_id, one)
}

export const endReservations: typeof real.endReservations = (tx, ended) => {
  for (const { transaction_id, status } of ended)
    staged(tx).update(reservations, transaction_id, (row) => ({ ...row, status }) as Reservation)
}

/** The twin of veiculo-service's vehicle-store.ts in memory, as far as sales go. */
import type * as real from '../../services/veiculo-service/vehicle-store.ts'
import { on } from './memory.ts'
import { vehicles } from './memory-reservation-store.ts'

export const lockVehicles = (
  tx: Parameters<typeof real.lockVehicles>[0],
  ids: Parameters<typeof real.lockVehicles>[1],
) => {
  const keys = [...ids].sort((one, other) => one - other)
  return on(tx, ({ get }) => keys.flatMap((id) => get(vehicles, id) ?? []), [vehicles, () => keys])
}

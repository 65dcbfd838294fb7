/** The twin of veiculo-service's vehicle-store.ts in memory, as far as sales go. */
import type * as real from '../../services/veiculo-service/vehicles/vehicle-store.ts'
import { on } from './memory.ts'
import { vehicles } from './memory-reservation-store.ts'

export const findUnidentified: typeof real.findUnidentified = (tx, ids) =>
  on(tx, ({ get }) => ids.flatMap((id) => get(vehicles, id) ?? []))

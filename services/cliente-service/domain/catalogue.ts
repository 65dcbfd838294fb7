/** Picks the newest event about each vehicle from a batch, whose events may be repeated and in any order. */

export interface Told {
  readonly vehicle_id: number
  /** Counts the changes of the vehicle. */
  readonly revision: number
}

/** The highest revision of each vehicle, in the order of the vehicles' ids. */
export function newest<Telling extends Told>(told: readonly Telling[]): Telling[] {
  const byVehicle = new Map<number, Telling>()
  for (const one of told) {
    const known = byVehicle.get(one.vehicle_id)
    if (!known || one.revision > known.revision) byVehicle.set(one.vehicle_id, one)
  }
  return [...byVehicle.values()].sort((one, other) => one.vehicle_id - other.vehicle_id)
}

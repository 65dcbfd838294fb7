/** Stored pickup codes: sealed for those who may see them, and as a keyed hash for comparison. */
import type { Vault } from '#platform/vault/vault'
import { asWritten } from '../domain/pickup.ts'
import type { IssuedCode } from '../domain/vehicle.ts'
import { pickupCode } from './pickup-code.ts'

interface Kept {
  readonly id: number
  readonly pickup_code: string | null
}

export interface IssuedCodes {
  /** Makes a new, unguessable code. */
  issue(vehicle_id: number): IssuedCode
  /** The keyed hash of a typed code. The same code has another hash for each vehicle, so that rows tell nothing about each other. */
  print(vehicle_id: number, typed: string): string
  /** The hash that a typed code is compared with. A code that an older process issued is stored in plain text. */
  printOf(vehicle: Kept & { readonly pickup_print: string | null }): string | null
  /** The code itself; null when there is none. */
  open(vehicle: Kept): Promise<string | null>
}

const PLACE = 'vehicles.pickup_code'

/** `make` is for tests: where codes come from. */
export function issuedCodes(vault: Vault, make = pickupCode): IssuedCodes {
  const printOf = (vehicle_id: number, code: string) => vault.fingerprint(PLACE, `${vehicle_id} ${code}`)
  return {
    issue(vehicle_id) {
      const code = make()
      // no purchase fetches the current key: values under an older key are sealed anew, or gone, before that key is deleted
      return {
        pickup_code: vault.sealingBriefly().seal(PLACE, vehicle_id, code),
        pickup_print: printOf(vehicle_id, code),
      }
    },
    print: (vehicle_id, typed) => printOf(vehicle_id, asWritten(typed)),
    printOf: ({ id, pickup_code, pickup_print }) =>
      pickup_print === null && pickup_code !== null && !isSealed(pickup_code) ? printOf(id, pickup_code) : pickup_print,
    open: async ({ id, pickup_code }) =>
      pickup_code === null || !isSealed(pickup_code) ? pickup_code : vault.open(PLACE, id, pickup_code),
  }
}

/** An older process wrote the code itself, which has no dot. */
const isSealed = (pickup_code: string): boolean => pickup_code.startsWith('v1.')

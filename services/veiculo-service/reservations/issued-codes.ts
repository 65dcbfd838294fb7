/** Pickup codes as they are kept: sealed for who may see them, a keyed hash for who compares them. */
import type { Vault } from '#platform/vault/vault'
import { asWritten } from '../domain/pickup.ts'
import type { IssuedCode } from '../domain/vehicle.ts'
import { pickupCode } from './pickup-code.ts'

interface Kept {
  readonly id: number
  readonly pickup_code: string | null
}

export interface IssuedCodes {
  /** A new one, unguessable. */
  issue(vehicle_id: number): IssuedCode
  /** Of what somebody has typed. The same code of two vehicles has two prints, so that rows tell nothing of each other. */
  print(vehicle_id: number, typed: string): string
  /** What the vehicle's code is compared by; one that an older process has issued lies there as it is. */
  printOf(vehicle: Kept & { readonly pickup_print: string | null }): string | null
  /** The code itself; null when there is none, or none any more. */
  open(vehicle: Kept): Promise<string | null>
}

const PLACE = 'vehicles.pickup_code'

/** `make` is for tests: where codes come from. */
export function issuedCodes(vault: Vault, make = pickupCode): IssuedCodes {
  const printOf = (vehicle_id: number, code: string) => vault.fingerprint(PLACE, `${vehicle_id} ${code}`)
  return {
    issue(vehicle_id) {
      const code = make()
      // no purchase asks for the current key: what an older one has sealed is sealed anew, or gone, before that key is
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

/** One that an older process has written is the code itself, which has no dot. */
const isSealed = (pickup_code: string): boolean => pickup_code.startsWith('v1.')

/** The parts that the routes of vehicles need. */
import type { Approvals } from '#host'
import type { Database } from '#platform/database/database'
import type { Vault } from '#platform/vault/vault'
import type { CheckBuyer } from '../handover/buyers.ts'
import type { HasAllCome } from '../handover/clearance.ts'
import type { PhotoParts } from '../photos/keep-photo.ts'
import type { IssuedCodes } from '../reservations/issued-codes.ts'
import type { IsPaid } from '../reservations/proofs.ts'
import type { SalesParts } from '../reservations/sales.ts'
import type { VehicleLists } from '../vehicles/lists.ts'

export interface RouteParts extends Pick<PhotoParts, 'photos'>, Omit<SalesParts, 'issueCode'> {
  readonly database: Database
  readonly vault: Vault
  readonly lists: VehicleLists
  readonly codes: IssuedCodes
  readonly isPaid: IsPaid
  readonly approvals: Approvals
  readonly checkBuyer: CheckBuyer
  readonly hasAllCome: HasAllCome
  /** Percent that one person alone may take off a price. */
  readonly discountLimit: number
  /** In cents: one person alone may lower a price by this much for a warranty claim. */
  readonly abatementLimit: number
  /** The shop's own CNPJ, which its notes bear. */
  readonly shopCnpj: string
}

/** A vehicle: its description, who has it, and which changes are allowed. */
import { convertLicensePlateToMercosul } from '@brazilian-utils/brazilian-utils'
import type { Cents } from '#contracts'
import type { PhotoFile } from './photo.ts'
import { blockedBy, type Restrictions } from './restrictions.ts'

/** The pickup code of a sold vehicle as it is stored: sealed, for those who may see it, and as a keyed hash, to compare with. */
export interface IssuedCode {
  readonly pickup_code: string
  readonly pickup_print: string
}

const noCode = { pickup_code: null, pickup_print: null }
export const nobody = {
  reserved_by: null,
  sold_to_transaction: null,
  ...noCode,
  sold_at: null,
  picked_up_at: null,
  return_id: null,
}

/** Not offered: still in preparation, withdrawn, or back with the owner who had consigned it. */
type OffSale = 'preparation' | 'withdrawn' | 'returned_to_owner'

/** Who has a vehicle. A sale by hand has no transaction; once picked up, there is no code any more. */
export type Standing =
  | ({ readonly status: 'available' | OffSale } & Readonly<typeof nobody>)
  | ({ readonly status: 'reserved'; readonly reserved_by: string } & Readonly<Omit<typeof nobody, 'reserved_by'>>)
  | {
      readonly status: 'sold' | 'picked_up'
      readonly reserved_by: null
      readonly sold_to_transaction: string | null
      readonly pickup_code: string | null
      readonly pickup_print: string | null
      readonly sold_at: Date
      readonly picked_up_at: Date | null
      /** The return for which it is held: it may not be handed over meanwhile. */
      readonly return_id: string | null
    }

/** The part of a vehicle that decides who may have it. */
export type Stock = {
  readonly id: number
  readonly price_cents: Cents
  /** Starts at 1 and rises with each change of the vehicle. */
  readonly revision: number
} & Standing

interface Documentation {
  readonly licensing_year?: number
  readonly has_debts?: boolean
  readonly has_recall?: boolean
  readonly inspection_approved_at?: string
}

/** The identifiers that the authorities know a vehicle by: sealed in the database, opened only for those who may see them. */
export interface Papers {
  readonly license_plate: string
  readonly chassi_number: string
  readonly renavam: string
}

/** What buyers look for beside brand, model and year of manufacture. */
export interface Facts {
  readonly model_year: number | null
  readonly version: string | null
  readonly body: string | null
  readonly doors: number | null
  readonly options: readonly string[] | null
}

export const NO_FACTS: Facts = { model_year: null, version: null, body: null, doors: null, options: null }

/** Normalised: texts trimmed, identifiers bare and in upper case, the RENAVAM with its 11 digits. */
export interface Details extends Papers, Facts {
  readonly brand: string
  readonly model: string
  readonly year: number
  readonly color: string
  readonly price_cents: Cents
  readonly mileage_km: number | null
  readonly fuel: string | null
  readonly transmission: string | null
  readonly description: string | null
  readonly photos: readonly string[] | null
  readonly documentation: Documentation | null
}

/** A vehicle without its sealed fields: all that a sale needs. */
export type Unidentified = Stock &
  Omit<Details, keyof Papers> & {
    readonly created_at: Date
    readonly updated_at: Date
    /** The id under which the same car was in stock before; null when it comes for the first time. */
    readonly previous_vehicle_id: number | null
    /** Null: nobody has stated any. */
    readonly restrictions: Restrictions | null
  }

export type Vehicle = Unidentified &
  Papers & {
    /** In their order; made and kept here, unlike the addresses in `photos`. */
    readonly photo_files: readonly PhotoFile[]
    /** The person who took the vehicle, once it is picked up. */
    readonly received_by: string | null
  }

export const onSale = { status: 'available', ...nobody } as const satisfies Standing

const EDITABLE: readonly Vehicle['status'][] = ['preparation', 'available', 'withdrawn']

/** The vehicle with the fields that the amendment names. Refused once somebody has reserved or bought it. */
export function amend(vehicle: Vehicle, amendment: Partial<Details>, now: Date): Vehicle | 'vehicle_not_editable' {
  if (!EDITABLE.includes(vehicle.status)) return 'vehicle_not_editable'
  return { ...vehicle, ...amendment, revision: vehicle.revision + 1, updated_at: now }
}

/** The vehicle in another standing, with the next revision. */
export const moved = <Kind extends Stock, Next extends Partial<Standing>>(vehicle: Kind, standing: Next) => ({
  ...vehicle,
  ...standing,
  revision: vehicle.revision + 1,
})

/** Takes a vehicle off sale; one that is off sale stays so, unchanged. */
export function withdraw<Kind extends Unidentified>(vehicle: Kind, now: Date) {
  if (vehicle.status === 'withdrawn') return vehicle
  if (vehicle.status !== 'available') return 'vehicle_not_withdrawable' as const
  return { ...moved(vehicle, { ...onSale, status: 'withdrawn' }), updated_at: now }
}

/**
 * Undoes a sale by hand that was entered by mistake. A vehicle that a purchase bought comes back by a return, and one that
 * was picked up has left.
 */
export function unsell<Kind extends Unidentified>(vehicle: Kind, status: 'available' | 'withdrawn', now: Date) {
  if (vehicle.status === 'picked_up') return 'vehicle_already_picked_up' as const
  if (vehicle.status !== 'sold') return 'vehicle_not_sold' as const
  if (vehicle.sold_to_transaction !== null) return 'vehicle_sold_to_purchase' as const
  return { ...moved(vehicle, { ...onSale, status }), updated_at: now }
}

/** Puts a withdrawn vehicle back on sale; one that is on sale stays so, unchanged. */
export function relist<Kind extends Unidentified>(vehicle: Kind, now: Date) {
  if (vehicle.status === 'available') return vehicle
  if (vehicle.status !== 'withdrawn') return 'vehicle_not_relistable' as const
  if (blockedBy(vehicle.restrictions).length > 0) return 'papers_keep_off_sale' as const
  return { ...moved(vehicle, onSale), updated_at: now }
}

/** Offers a vehicle that was in preparation; one that is on sale stays so, unchanged. */
export function publish<Kind extends Unidentified>(vehicle: Kind, now: Date) {
  if (vehicle.status === 'available') return vehicle
  if (vehicle.status !== 'preparation') return 'vehicle_not_in_preparation' as const
  if (blockedBy(vehicle.restrictions).length > 0) return 'papers_keep_off_sale' as const
  return { ...moved(vehicle, onSale), updated_at: now }
}

/** Ends a consignment: nobody can buy the vehicle here any more. The caller checks that it is consigned. */
export function giveBackToOwner<Kind extends Unidentified>(vehicle: Kind, now: Date) {
  if (vehicle.status === 'returned_to_owner') return vehicle
  if (vehicle.status === 'reserved' || vehicle.status === 'sold' || vehicle.status === 'picked_up')
    return 'vehicle_not_withdrawable' as const
  return { ...moved(vehicle, { ...onSale, status: 'returned_to_owner' }), updated_at: now }
}

/** Whether it stands in our yard: neither handed over nor back with its owner. */
export const isInHouse = ({ status }: Pick<Stock, 'status'>) => status !== 'picked_up' && status !== 'returned_to_owner'

/** One key for both forms of a car's plate, from a bare plate in either form. */
export const mercosulPlate = (license_plate: string): string =>
  convertLicensePlateToMercosul(license_plate) || license_plate // the library returns nothing for a plate that is already converted

/** All but the last `shown` characters become `*`. */
export const mask = (text: string, shown: number): string => text.slice(-shown).padStart(text.length, '*')

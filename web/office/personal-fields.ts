/** The fields of a person's data, by their names in the API. */
export const PERSONAL = [
  'name',
  'document',
  'email',
  'phone',
  'birth_date',
  'driver_license',
  'address',
  'refund_pix_key',
] as const
export type Personal = (typeof PERSONAL)[number]

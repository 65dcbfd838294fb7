/** What is known of a person, by the names that the API gives it. */
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

/** A vehicle's plate as staff read it: whole while it is in the house, then masked. */
import type { Vehicle } from '../../clients/typescript/operations.ts'

export const plateOf = ({ plate, license_plate }: Pick<Vehicle, 'plate' | 'license_plate'>): string =>
  plate ?? license_plate.replaceAll('*', '•')

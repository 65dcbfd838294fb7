/** The picture of a vehicle: its first photograph, or a drawing in its colour that says that it is one. */
import type { Vehicle } from '../../clients/typescript/operations.ts'
import { texts } from '../texts/index.ts'
import { type Described, nameOf, pictureOf } from './vehicle-facts.ts'

export function Picture({
  vehicle,
  eager = false,
  sizes: _sizes,
}: {
  readonly vehicle: Described & Partial<Pick<Vehicle, 'id'>>
  readonly eager?: boolean
  readonly sizes: string
}) {
  return (
    <div className="showroom aspect-4/3 overflow-hidden">
      <img
        src={pictureOf(vehicle)}
        alt={texts.art.drawing(nameOf(vehicle))}
        width={800}
        height={600}
        loading={eager ? 'eager' : 'lazy'}
        decoding="async"
        fetchPriority={eager ? 'high' : 'auto'}
        className="block size-full"
      />
    </div>
  )
}

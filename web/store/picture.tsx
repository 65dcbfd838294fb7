/** The picture of a vehicle: its first photograph, or a drawing in its colour that says that it is one. */
import type { Photo } from '../../clients/typescript/operations.ts'
import { texts } from '../texts/index.ts'
import { type Shot, shotOf } from './photo-files.ts'
import { ShotPicture } from './shot.tsx'
import { type Described, nameOf, pictureOf } from './vehicle-facts.ts'

export function Picture({
  vehicle,
  eager = false,
  sizes,
}: {
  readonly vehicle: Described & { readonly shot?: Shot; readonly photo_files?: readonly Photo[] }
  readonly eager?: boolean
  readonly sizes: string
}) {
  const [first] = vehicle.photo_files ?? []
  const shot = vehicle.shot ?? (first && shotOf(first))
  return (
    <div className="showroom relative aspect-4/3 overflow-hidden">
      {shot ? (
        <ShotPicture shot={shot} alt={texts.art.first(nameOf(vehicle))} sizes={sizes} eager={eager} />
      ) : (
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
      )}
    </div>
  )
}

/** The pictures of a vehicle. Drawn cars say that they are drawn. */
import type { Vehicle } from '../../clients/typescript/operations.ts'
import { texts } from '../texts/index.ts'
import { nameOf, pictureOf } from './vehicle-facts.ts'

export function Gallery({ vehicle }: { readonly vehicle: Vehicle }) {
  return (
    <section aria-label={texts.vehicle.gallery} className="order-1">
      <figure className="showroom relative aspect-4/3 overflow-hidden rounded-panel border border-line">
        <div className="lamp absolute top-[9%] right-1/4 left-1/4" />
        <img
          src={pictureOf(vehicle)}
          alt={texts.art.drawing(nameOf(vehicle))}
          width={800}
          height={600}
          fetchPriority="high"
          className={`relative block size-full ${vehicle.status === 'available' ? '' : 'opacity-50 grayscale'}`}
        />
        <figcaption className="absolute right-4 bottom-4 rounded-full bg-veil px-3 py-1 text-[13px] font-semibold text-white">
          {texts.art.one}
        </figcaption>
      </figure>
    </section>
  )
}

/**
 * The photos of a vehicle side by side: swipe them, walk through them by keys, or see one large. A vehicle without photos has a
 * drawing, marked as a drawing. Without scripts, swiping works too, and a photo opens as a file.
 */
import { useEffect, useRef, useState } from 'react'
import type { Photo, Vehicle } from '../../clients/typescript/operations.ts'
import { texts } from '../texts/index.ts'
import { Icon } from '../ui/icon.tsx'
import { photoPath } from './photo-files.ts'
import { ShotPicture } from './shot.tsx'
import { nameOf, pictureOf } from './vehicle-facts.ts'
import { Zoom } from './zoom.tsx'

export function Gallery({ vehicle }: { readonly vehicle: Vehicle }) {
  const { photo_files: photos = [] } = vehicle
  return (
    <section aria-label={texts.vehicle.gallery} className="order-1 min-w-0">
      {photos.length > 0 ? <Photos vehicle={vehicle} photos={photos} /> : <Drawn vehicle={vehicle} />}
    </section>
  )
}

function Drawn({ vehicle }: { readonly vehicle: Vehicle }) {
  return (
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
  )
}

const ROUND =
  'absolute top-1/2 grid size-11 -translate-y-1/2 place-items-center rounded-full border border-line bg-surface text-ink shadow-low hover:bg-sunken disabled:invisible'

function Photos({ vehicle, photos }: { readonly vehicle: Vehicle; readonly photos: readonly Photo[] }) {
  const row = useRef<HTMLUListElement>(null)
  const { at, isAlive, go, look } = usePlace(row, photos.length)
  const [zoomed, setZoomed] = useState<number>()
  const name = nameOf(vehicle)
  const words = texts.vehicle
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrows of the keyboard do what the buttons inside do
    <div
      onKeyDown={(event) => {
        const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
        if (by === 0) return
        event.preventDefault() // otherwise the browser would scroll the row a little as well
        go(at + by)
      }}
    >
      <div className="relative overflow-hidden rounded-panel border border-line">
        <ul
          ref={row}
          onScroll={look}
          className="flex snap-x snap-mandatory overflow-x-auto overscroll-x-contain scroll-smooth [scrollbar-width:none] motion-reduce:scroll-auto"
        >
          {photos.map((photo, index) => (
            <li key={photo.id} id={`foto-${index + 1}`} className="relative aspect-4/3 w-full flex-none snap-center">
              <a
                href={photoPath(photo, 1600, 'jpeg')}
                aria-label={words.openPhoto(index + 1)}
                onClick={(event) => {
                  event.preventDefault()
                  setZoomed(index)
                }}
                className="showroom block size-full cursor-zoom-in focus-visible:-outline-offset-4"
              >
                <ShotPicture
                  shot={photo}
                  alt={texts.art.photo(name, index + 1, photos.length)}
                  sizes="(width < 64rem) 100vw, 860px"
                  eager={index === 0}
                  fit="contain"
                  isQuiet={vehicle.status !== 'available'}
                />
              </a>
            </li>
          ))}
        </ul>
        {isAlive && photos.length > 1 && (
          <>
            <button
              type="button"
              aria-label={words.previousPhoto}
              disabled={at === 0}
              onClick={() => go(at - 1)}
              className={`${ROUND} left-3 lg:left-4`}
            >
              <Icon name="left" />
            </button>
            <button
              type="button"
              aria-label={words.nextPhoto}
              disabled={at === photos.length - 1}
              onClick={() => go(at + 1)}
              className={`${ROUND} right-3 lg:right-4`}
            >
              <Icon name="right" />
            </button>
          </>
        )}
        <p
          role="status"
          className="absolute right-3 bottom-3 rounded-full bg-veil px-3 py-1 text-[13px] font-semibold text-white tabular-nums lg:right-4 lg:bottom-4"
        >
          {isAlive ? words.photoOf(at + 1, photos.length) : words.photos(photos.length)}
        </p>
      </div>
      {photos.length > 1 && <Thumbs photos={photos} at={isAlive ? at : -1} go={go} />}
      {zoomed !== undefined && (
        <Zoom
          photos={photos}
          name={name}
          from={zoomed}
          close={(last) => {
            setZoomed(undefined)
            go(last)
          }}
        />
      )}
    </div>
  )
}

function Thumbs({
  photos,
  at,
  go,
}: {
  readonly photos: readonly Photo[]
  readonly at: number
  go(place: number): void
}) {
  return (
    <ol className="mt-2 flex gap-2 overflow-x-auto p-1 [scrollbar-width:thin] max-sm:hidden lg:gap-3">
      {photos.map((photo, index) => (
        <li key={photo.id} className="w-24 flex-none lg:w-32">
          <a
            href={`#foto-${index + 1}`}
            aria-label={texts.vehicle.showPhoto(index + 1)}
            aria-current={index === at}
            onClick={(event) => {
              event.preventDefault()
              go(index)
            }}
            className="relative block aspect-4/3 overflow-hidden rounded-control border border-line ring-accent aria-[current=true]:border-transparent aria-[current=true]:ring-3"
          >
            <ShotPicture shot={photo} alt="" sizes="128px" />
          </a>
        </li>
      ))}
    </ol>
  )
}

/** Which photo of the row is shown, and a way to show another. Unknown until scripts run. */
function usePlace(row: React.RefObject<HTMLUListElement | null>, count: number) {
  const [at, setAt] = useState(0)
  const [isAlive, setAlive] = useState(false)
  useEffect(() => setAlive(true), [])
  const look = () => {
    const list = row.current
    if (list) setAt(Math.round(list.scrollLeft / list.clientWidth))
  }
  const go = (place: number) => {
    const list = row.current
    const wanted = Math.max(0, Math.min(count - 1, place))
    list?.scrollTo({ left: wanted * list.clientWidth })
  }
  return { at, isAlive, go, look }
}

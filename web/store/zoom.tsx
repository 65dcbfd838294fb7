/** One photo over the whole screen: it fits the screen, or after a click has its full size and can be moved. */
import { useEffect, useRef, useState } from 'react'
import type { Photo } from '../../clients/typescript/operations.ts'
import { texts } from '../texts/index.ts'
import { Icon } from '../ui/icon.tsx'
import { photoPath, sourcesOf } from './photo-files.ts'

const ROUND =
  'fixed z-10 grid size-12 place-items-center rounded-full bg-veil text-white hover:bg-ink disabled:invisible'

export function Zoom({
  photos,
  name,
  from,
  close,
}: {
  readonly photos: readonly Photo[]
  readonly name: string
  readonly from: number
  /** Called with the photo that was shown last. */
  close(last: number): void
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [at, setAt] = useState(from)
  const [isWhole, setWhole] = useState(false)
  useEffect(() => dialog.current?.showModal(), [])
  const go = (place: number) => {
    if (place < 0 || place >= photos.length) return
    setAt(place)
    setWhole(false)
  }
  const photo = photos[at]
  const words = texts.vehicle
  if (!photo) return null
  return (
    <dialog
      ref={dialog}
      aria-label={texts.art.photo(name, at + 1, photos.length)}
      onClose={() => close(at)}
      onKeyDown={(event) => {
        if (event.key === 'ArrowRight') go(at + 1)
        if (event.key === 'ArrowLeft') go(at - 1)
        event.stopPropagation()
      }}
      className="m-0 h-dvh max-h-none w-screen max-w-none overflow-auto bg-paper text-ink backdrop:bg-veil"
    >
      <button
        type="button"
        aria-label={isWhole ? words.fitPhoto : words.enlargePhoto}
        onClick={() => setWhole(!isWhole)}
        className={`min-h-full min-w-full ${isWhole ? 'block cursor-zoom-out' : 'grid h-full cursor-zoom-in place-items-center'}`}
      >
        <img
          key={photo.id}
          src={photoPath(photo, 1600, 'jpeg')}
          srcSet={sourcesOf(photo, 'webp')}
          sizes={isWhole ? `${photo.width}px` : '100vw'}
          alt={texts.art.photo(name, at + 1, photos.length)}
          width={photo.width}
          height={photo.height}
          className={isWhole ? 'mx-auto max-w-none' : 'h-auto max-h-dvh w-auto max-w-full object-contain'}
        />
      </button>
      <button
        type="button"
        aria-label={words.previousPhoto}
        disabled={at === 0}
        onClick={() => go(at - 1)}
        className={`${ROUND} top-1/2 left-3 -translate-y-1/2`}
      >
        <Icon name="left" className="size-6" />
      </button>
      <button
        type="button"
        aria-label={words.nextPhoto}
        disabled={at === photos.length - 1}
        onClick={() => go(at + 1)}
        className={`${ROUND} top-1/2 right-3 -translate-y-1/2`}
      >
        <Icon name="right" className="size-6" />
      </button>
      <button
        type="button"
        aria-label={words.closePhoto}
        onClick={() => dialog.current?.close()}
        className={`${ROUND} top-3 right-3`}
      >
        <Icon name="close" className="size-6" />
      </button>
      <p
        role="status"
        className="fixed bottom-4 left-1/2 -translate-x-1/2 rounded-full bg-veil px-3 py-1 text-[13px] font-semibold text-white tabular-nums"
      >
        {words.photoOf(at + 1, photos.length)}
      </p>
    </dialog>
  )
}

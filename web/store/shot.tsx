/** A photo in its frame, which must be `relative`. A few pixels are there at once, the rest follows, and nothing jumps. */
import { photoPath, type Shot, sourcesOf } from './photo-files.ts'

export function ShotPicture({
  shot,
  alt,
  sizes,
  eager = false,
  fit = 'cover',
  isQuiet = false,
}: {
  readonly shot: Shot
  readonly alt: string
  readonly sizes: string
  readonly eager?: boolean
  /** `contain`: the whole photo is shown, and its few pixels fill the rest of the frame. */
  readonly fit?: 'cover' | 'contain'
  /** For a vehicle that is reserved or sold. */
  readonly isQuiet?: boolean
}) {
  const { width, height, placeholder } = shot
  const quiet = isQuiet ? 'opacity-50 grayscale' : ''
  return (
    <>
      <img src={placeholder} alt="" className={`absolute inset-0 size-full object-cover ${quiet}`} />
      <picture>
        <source type="image/avif" srcSet={sourcesOf(shot, 'avif')} sizes={sizes} />
        <source type="image/webp" srcSet={sourcesOf(shot, 'webp')} sizes={sizes} />
        <img
          src={photoPath(shot, 800, 'jpeg')}
          srcSet={sourcesOf(shot, 'jpeg')}
          sizes={sizes}
          alt={alt}
          width={width}
          height={height}
          loading={eager ? 'eager' : 'lazy'}
          decoding="async"
          fetchPriority={eager ? 'high' : 'auto'}
          className={`relative block size-full ${fit === 'cover' ? 'object-cover' : 'object-contain'} ${quiet}`}
        />
      </picture>
    </>
  )
}

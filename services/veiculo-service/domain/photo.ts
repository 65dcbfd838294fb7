/** Photos: their type, which follows from their bytes and not from their name, and the files made from them. */

export const WIDTHS = [320, 800, 1600] as const
export const FORMATS = ['avif', 'webp', 'jpeg'] as const
export type Format = (typeof FORMATS)[number]

export const PHOTO_BYTES = 15 * 1024 * 1024
export const PHOTOS_PER_VEHICLE = 30
export const PHOTO_PIXELS = 60_000_000

/** Part of a photo, in percent of the upright picture, that is covered before it is kept: a plate, a face. */
export interface Cover {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

export interface PhotoFile {
  readonly id: number
  readonly hash: string
  /** Pixels of the widest file. */
  readonly width: number
  readonly height: number
  /** A few of its pixels as a data URI, shown while the photo loads. */
  readonly placeholder: string
}

/** As it lies in the storage, and at `/photos/`. */
export const fileName = (hash: string, width: number, format: Format): string => `${hash}-${width}.${format}`

export const hashIn = (name: string): string => name.split('-')[0] ?? ''

const TAKEN = ['image/jpeg', 'image/png', 'image/webp'] as const
export type PhotoType = (typeof TAKEN)[number]

const SIGNATURES: readonly (readonly [type: string, offset: number, bytes: string])[] = [
  ['image/jpeg', 0, '\xff\xd8\xff'],
  ['image/png', 0, '\x89PNG\r\n\x1a\n'],
  ['image/webp', 8, 'WEBP'],
  ['image/gif', 0, 'GIF8'],
  ['image/heic', 4, 'ftyphei'],
  ['image/heic', 4, 'ftyphev'],
  ['image/heic', 4, 'ftypmif1'],
  ['image/avif', 4, 'ftypavif'],
  ['image/tiff', 0, 'II*\0'],
  ['image/tiff', 0, 'MM\0*'],
  ['application/pdf', 0, '%PDF'],
]

/** The type by the first bytes; undefined: an unknown one. */
export function typeOf(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 512)).toString('latin1')
  const known = SIGNATURES.find(([, offset, signature]) => start.startsWith(signature, offset))
  if (known) return known[0]
  return /^\s*(<\?xml[\s\S]*)?<(!--[\s\S]*|!doctype svg[\s\S]*)?(<?svg)/i.test(start) ? 'image/svg+xml' : undefined
}

export const isTaken = (type: string | undefined): type is PhotoType => TAKEN.some((taken) => taken === type)

/** Why it was not taken, in words for its sender. */
export function whyNotTaken(type: string | undefined): string {
  if (type === 'image/heic')
    return 'HEIC is read by few browsers: let the phone save photos as JPEG ("most compatible")'
  if (type === 'image/svg+xml') return 'SVG is a drawing that can run scripts, not a photo'
  return type === undefined ? 'its bytes are those of no picture that is known here' : `${type} is not taken`
}

/** Whether the covered part lies within the picture. */
export const isWithin = ({ left, top, width, height }: Cover): boolean => left + width <= 100 && top + height <= 100

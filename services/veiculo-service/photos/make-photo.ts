/**
 * A process of its own that makes the stored files of one photo: upright, without metadata (the place of a photo is
 * personal data), in three widths and three formats, with a few pixels as a placeholder. It runs beside the service at low
 * priority, so that purchases do not feel it, and bytes that break the library break only this process.
 */
import os from 'node:os'
import sharp, { type OverlayOptions, type Sharp } from 'sharp'
import { type Cover, FORMATS, type Format, PHOTO_PIXELS, WIDTHS } from '../domain/photo.ts'

export interface Order {
  readonly bytes: Uint8Array
  readonly covers: readonly Cover[]
}

export interface Made {
  readonly width: number
  readonly height: number
  readonly placeholder: string
  readonly files: readonly { readonly width: number; readonly format: Format; readonly bytes: Uint8Array }[]
}

export type Answer = { readonly made: Made } | { readonly refused: 'too_many_pixels' | 'unreadable' }

const GREY = { r: 96, g: 96, b: 96 }
const LOWEST = 19
const PLACEHOLDER_WIDTH = 16

// 12 megapixels to AVIF of 1,600 take 1.1 s of one processor at effort 3; more effort saves few bytes
const encoded: Readonly<Record<Format, (picture: Sharp) => Sharp>> = {
  avif: (picture) => picture.avif({ quality: 55, effort: 3 }),
  webp: (picture) => picture.webp({ quality: 78 }),
  jpeg: (picture) => picture.jpeg({ quality: 80, mozjpeg: true }),
}

sharp.concurrency(1)
sharp.cache(false)
try {
  os.setPriority(LOWEST)
} catch {
  // not every system allows it; the process then runs at normal priority
}

process.on('message', (order: Order) => {
  make(order).then(
    (made) => process.send?.({ made } satisfies Answer),
    (error: unknown) => process.send?.({ refused: refusalOf(error) } satisfies Answer),
  )
})
process.on('disconnect', () => process.exit())

const refusalOf = (error: unknown) =>
  error instanceof Error && /pixel limit/i.test(error.message) ? 'too_many_pixels' : 'unreadable'

async function make({ bytes, covers }: Order): Promise<Made> {
  const { data, info } = await sharp(bytes, { limitInputPixels: PHOTO_PIXELS, failOn: 'error' })
    .autoOrient()
    .resize({ width: WIDTHS[2], withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  const { width, height, channels } = info
  const raw = { width, height, channels }
  // a patch brings transparency with it, which the stored files do not have
  const covered = await sharp(data, { raw })
    .composite(covers.map((cover) => patch(cover, width, height)))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const picture = () => sharp(covered.data, { raw: { width, height, channels: covered.info.channels } })
  const files: Made['files'][number][] = []
  for (const wanted of WIDTHS)
    for (const format of FORMATS) {
      const sized = picture().resize({ width: wanted, withoutEnlargement: true })
      files.push({ width: wanted, format, bytes: await encoded[format](sized).toBuffer() })
    }
  const tiny = await picture().resize({ width: PLACEHOLDER_WIDTH }).webp({ quality: 30 }).toBuffer()
  return { width, height, placeholder: `data:image/webp;base64,${tiny.toString('base64')}`, files }
}

function patch(cover: Cover, width: number, height: number): OverlayOptions {
  const left = Math.floor((cover.left / 100) * width)
  const top = Math.floor((cover.top / 100) * height)
  const size = {
    width: Math.max(1, Math.min(Math.ceil((cover.width / 100) * width), width - left)),
    height: Math.max(1, Math.min(Math.ceil((cover.height / 100) * height), height - top)),
  }
  return { input: { create: { ...size, channels: 3, background: GREY } }, left, top }
}

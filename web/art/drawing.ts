/**
 * A drawn car in its colour. Each is a picture of its own, so that a page with many stays light and the browser keeps each
 * once.
 */
import type { Body } from './body.ts'
import { hexOf, type Paint } from './paint.ts'

/** `picture`: 4:3, as a photograph stands. `strip`: the bare car, for small tiles. `wide`: with its reflection, for a hero. */
export type Framing = 'picture' | 'strip' | 'wide'

/** Rises when a drawing changes: browsers keep what they have for a year. */
const EDITION = '2'

export const drawingPath = (body: Body, paint: Paint, framing: Framing = 'picture'): string =>
  `/desenhos/${EDITION}/${body}-${paint}-${framing}.svg`

const FRAMES: Readonly<Record<Exclude<Framing, 'picture'>, Readonly<Record<'car' | 'moto', string>>>> = {
  strip: { car: '28 168 744 300', moto: '-48 128 880 355' },
  wide: { car: '14 172 772 400', moto: '14 152 772 400' },
}

/** `source`: the file of that body in this folder. */
export function drawing(source: string, body: Body, paint: Paint, framing: Framing): string {
  const painted = source.replace('color="#8b949b"', `color="${hexOf(paint)}"`)
  if (framing === 'picture') return painted
  return painted.replace('viewBox="0 0 800 600"', `viewBox="${FRAMES[framing][body === 'moto' ? 'moto' : 'car']}"`)
}

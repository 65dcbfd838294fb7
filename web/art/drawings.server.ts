/** `/desenhos/{edition}/{body}-{paint}-{framing}.svg` */
import type { LoaderFunctionArgs } from 'react-router'
import { type Body, isBody } from './body.ts'
import { drawing, type Framing } from './drawing.ts'
import hatch from './hatch.svg?raw'
import moto from './moto.svg?raw'
import { isPaint } from './paint.ts'
import pickup from './pickup.svg?raw'
import sedan from './sedan.svg?raw'
import suv from './suv.svg?raw'

const sources: Readonly<Record<Body, string>> = { hatch, sedan, suv, pickup, moto }

const isFraming = (word: string): word is Framing => ['picture', 'strip', 'wide'].includes(word)

export function drawingResponse({ params }: LoaderFunctionArgs): Response {
  const [body = '', paint = '', framing = ''] = (params.name ?? '').replace(/\.svg$/, '').split('-')
  if (!isBody(body) || !isPaint(paint) || !isFraming(framing)) throw new Response(null, { status: 404 })
  return new Response(drawing(sources[body], body, paint, framing), {
    headers: { 'content-type': 'image/svg+xml; charset=utf-8', 'cache-control': 'public, max-age=31536000, immutable' },
  })
}

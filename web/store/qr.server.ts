/** A code as a picture. */
import { renderSVG } from 'uqr'

export const qrResponse = (text: string): Response =>
  new Response(renderSVG(text, { border: 0 }), {
    headers: { 'content-type': 'image/svg+xml; charset=utf-8', 'cache-control': 'private, no-store' },
  })

/** For what must be nowhere but on this page: the picture itself, as an address. */
export const qrSvg = (text: string): string =>
  `data:image/svg+xml;base64,${Buffer.from(renderSVG(text, { border: 0 })).toString('base64')}`

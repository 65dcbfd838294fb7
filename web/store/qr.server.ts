/** A code as a picture. */
import { renderSVG } from 'uqr'

export const qrResponse = (text: string): Response =>
  new Response(renderSVG(text, { border: 0 }), {
    headers: { 'content-type': 'image/svg+xml; charset=utf-8', 'cache-control': 'private, no-store' },
  })

/** A picture inside the page's own address, for codes that must be on this page only. */
export const qrSvg = (text: string): string =>
  `data:image/svg+xml;base64,${Buffer.from(renderSVG(text, { border: 0 })).toString('base64')}`

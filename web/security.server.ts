/** The security headers of every answer of the pages. */
import type { MiddlewareFunction } from 'react-router'
import { settingsOf } from './visit.server.ts'

/** Vite's own style elements and socket, while pages are edited. */
const WHILE_EDITED = { style: " 'unsafe-inline'", connect: ' ws:' }

export function contentSecurityPolicy(nonce: string): string {
  const edited = import.meta.env.DEV
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    `style-src 'self'${edited ? WHILE_EDITED.style : ` 'nonce-${nonce}'`}`,
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${edited ? WHILE_EDITED.connect : ''}`,
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

// biome-ignore format: a row a header
const HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options':     'nosniff',
  'referrer-policy':            'same-origin',
  'permissions-policy':         'camera=(), geolocation=(), microphone=(), payment=()',
  'cross-origin-opener-policy': 'same-origin',
}
const A_YEAR = 'max-age=31536000'

export const secured: MiddlewareFunction<Response> = async ({ context }, next) => {
  const response = await next()
  for (const [name, value] of Object.entries(HEADERS)) response.headers.set(name, value)
  if (settingsOf(context).publicOrigin.startsWith('https:')) response.headers.set('strict-transport-security', A_YEAR)
  if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'private, no-store')
  return response
}

const TEXT = /^(text\/(?!event-stream)|application\/(json|xml|feed\+json|ld\+json)|image\/svg)|text\/x-script/
/** Bytes. A smaller answer fits into one packet anyway, so compressing it gains nothing. */
const WORTH_IT_BYTES = 860

export const compressed: MiddlewareFunction<Response> = async ({ request }, next) => {
  const response = await next()
  const { headers, status } = response
  const isText = TEXT.test(headers.get('content-type') ?? '')
  const asks = /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '')
  if (!isText || !response.body || headers.has('content-encoding')) return response
  headers.append('vary', 'accept-encoding')
  if (!asks || Number(headers.get('content-length') ?? WORTH_IT_BYTES) < WORTH_IT_BYTES) return response
  headers.delete('content-length')
  headers.set('content-encoding', 'gzip')
  return new Response(response.body.pipeThrough(new CompressionStream('gzip')), { status, headers })
}

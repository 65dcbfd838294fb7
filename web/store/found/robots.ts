/** `/robots.txt`: personal pages are not for crawlers. */
import type { LoaderFunctionArgs } from 'react-router'
import { settingsOf } from '../../visit.server.ts'

const PRIVATE = ['/conta', '/comprar', '/compra', '/entrar', '/cadastro', '/painel']

export function loader({ context }: LoaderFunctionArgs) {
  const { publicOrigin } = settingsOf(context)
  const body = [
    'User-agent: *',
    ...PRIVATE.map((path) => `Disallow: ${path}`),
    `Sitemap: ${publicOrigin}/sitemap.xml`,
    '',
  ]
  return new Response(body.join('\n'), {
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'public, max-age=3600' },
  })
}

/** `/sitemap.xml`: every page that a search engine may show. */
import type { LoaderFunctionArgs } from 'react-router'
import { settingsOf } from '../../visit.server.ts'
import { pathOf } from '../vehicle-facts.ts'
import { allVehicles, KEPT } from './all-vehicles.server.ts'

const PAGES = [
  '/',
  '/carros',
  '/como-funciona',
  '/termos',
  '/desistencia',
  '/garantia',
  '/privacidade',
  '/cookies',
  '/encarregado',
  '/acessibilidade',
]

export async function loader(args: LoaderFunctionArgs) {
  const { publicOrigin } = settingsOf(args.context)
  const vehicles = await allVehicles(args)
  const entries = [
    ...PAGES.map((path) => `<url><loc>${publicOrigin}${path}</loc></url>`),
    ...vehicles.map(
      (vehicle) =>
        `<url><loc>${publicOrigin}${pathOf(vehicle)}</loc><lastmod>${vehicle.updated_at.slice(0, 10)}</lastmod></url>`,
    ),
  ]
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${entries.join('\n')}\n</urlset>\n`
  return new Response(body, { headers: { 'content-type': 'application/xml; charset=utf-8', ...KEPT } })
}

/** Every page in one table. */
import { index, type RouteConfig, route } from '@react-router/dev/routes'

const LEGAL = ['termos', 'privacidade', 'cookies', 'desistencia', 'garantia', 'encarregado', 'acessibilidade']

export default [
  index('store/home.tsx'),
  route('carros', 'store/list.tsx'),
  route('carros/:id/:slug?', 'store/vehicle.tsx'),
  route('como-funciona', 'store/how.tsx'),
  ...LEGAL.map((path) => route(path, 'store/legal.tsx', { id: path })),

  route('desenhos/:edition/:name', 'store/drawing.ts'),
  route('sitemap.xml', 'store/found/sitemap.ts'),
  route('robots.txt', 'store/found/robots.ts'),
  route('feeds/stock.json', 'store/found/feed-json.ts'),
  route('feeds/stock.csv', 'store/found/feed-csv.ts'),
  route('*', 'store/not-found.tsx'),
] satisfies RouteConfig

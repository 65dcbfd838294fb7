/** All routes of the gateway itself; proxy.ts passes the others on. */
import type { HttpApp } from '#platform/http/server'
import {
  leadToReference,
  type RouteParts,
  showHealth,
  showHealthSchema,
  showReady,
  showReadySchema,
} from './http/state.ts'

export const ownRoutes = (parts: RouteParts) => (app: HttpApp) => {
  app.get('/health', { schema: showHealthSchema }, showHealth(parts))
  app.get('/ready', { schema: showReadySchema }, showReady(parts))
  if (!parts.hasPages) app.get('/', { schema: { hide: true } }, leadToReference)
}

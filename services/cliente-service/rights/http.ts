/** The routes by which people use the rights that the LGPD gives them (art. 18), and by which their data is read unmasked. */
import type { HttpApp } from '#platform/http'
import { unmaskedRoutes } from './unmasked-http.ts'

export type RightsParts = Parameters<typeof unmaskedRoutes>[0]

export const rightsRoutes = (parts: RightsParts) => (app: HttpApp) => {
  unmaskedRoutes(parts)(app)
}

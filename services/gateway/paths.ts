/** Which service answers which path, from the roster: the gateway's only knowledge of the API. */
import { type ServiceName, serviceNames, services } from '#contracts'

/** Every service has these at the same path, so here the service's name stands before it. */
const EVERYWHERE: readonly string[] = [
  'dead-letters',
  'purchase-records',
  'waiting-messages',
  'suspicions',
  'anchors',
  'access-log',
  'journal',
  'approvals',
]

/** Longer paths are not passed on: `/auth/jwks/../token` would be another route. */
export const EXACT: readonly string[] = ['/auth/jwks']

export interface Mount {
  readonly service: ServiceName
  /** The path here: `/orquestrador/dead-letters`. */
  readonly prefix: string
  /** The path at the service: `/dead-letters`. */
  readonly path: string
}

/** By the first segment; the rest and the query go to the service unchanged. */
export const mounts: readonly Mount[] = serviceNames.flatMap((service) => [
  ...services[service].paths.map((name) => ({ service, prefix: `/${name}`, path: `/${name}` })),
  ...EVERYWHERE.map((name) => ({ service, prefix: `/${service}/${name}`, path: `/${name}` })),
])

/** The path here of a service's `path`; undefined when the service keeps it to itself, as its `/health`. */
export function publicPath(service: string, path: string): string | undefined {
  const mount = mounts.find((one) => one.service === service && (path === one.path || path.startsWith(`${one.path}/`)))
  return mount && mount.prefix + path.slice(mount.path.length)
}

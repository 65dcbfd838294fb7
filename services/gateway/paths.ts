/** Which service answers which path: the gateway's only knowledge of the API. */

/** By first segment; what follows it and the query go to the service as they came. */
// biome-ignore format: one row a service
const FIRST_SEGMENTS: Readonly<Record<string, readonly string[]>> = {
  'cliente-service':   ['customers', 'account-records'],
  'veiculo-service':   ['vehicles'],
  'pagamento-service': ['payment-codes', 'payments', 'webhooks', 'unmatched-payments'],
  orquestrador:        ['purchase', 'saga-states', 'webhook-subscriptions', 'webhook-deliveries', 'audits'],
}

/** Every service has these at the same path: here the service's name stands before it. */
const EVERYWHERE: readonly string[] = ['dead-letters', 'purchase-records', 'waiting-messages', 'access-log']

export interface Mount {
  readonly service: string
  /** Where it is found here: `/orquestrador/dead-letters`. */
  readonly prefix: string
  /** What the service itself calls it: `/dead-letters`. */
  readonly path: string
}

export const services: readonly string[] = Object.keys(FIRST_SEGMENTS)

export const mounts: readonly Mount[] = services.flatMap((service) => [
  ...(FIRST_SEGMENTS[service] ?? []).map((name) => ({ service, prefix: `/${name}`, path: `/${name}` })),
  ...EVERYWHERE.map((name) => ({ service, prefix: `/${service}/${name}`, path: `/${name}` })),
])

/** The path here of a service's `path`; undefined when the service keeps it to itself, as its `/health`. */
export function publicPath(service: string, path: string): string | undefined {
  const mount = mounts.find((one) => one.service === service && (path === one.path || path.startsWith(`${one.path}/`)))
  return mount && mount.prefix + path.slice(mount.path.length)
}

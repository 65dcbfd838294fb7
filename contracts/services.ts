/**
 * The roster: what runs, told once. Another service is an entry here, its rows in permissions.ts and its definition in
 * app/services.ts. It imports nothing, so that the image's health check reads it in no time.
 */

interface Process {
  /** As `GET /health` says it. */
  readonly healthName: string
  /** The variable that says where it listens, and the port when that is not set. */
  readonly port: readonly [variable: `PORT_${string}`, standard: number]
}

interface Service extends Process {
  /** The variable that says where other processes find it. */
  readonly url: `${string}_URL`
  /** Subjects of messages, as `credit` in `events.credit.reserved`: only their owner publishes events about them. */
  readonly owns: readonly string[]
  /** First words of the paths that the gateway hands to it. */
  readonly paths: readonly string[]
}

/** Services with a database of their own. They send and get messages, and stand behind the gateway. */
export const services = {
  'cliente-service': {
    healthName: 'customer-service',
    port: ['PORT_CLIENTE', 8080],
    url: 'CLIENTE_URL',
    owns: ['credit', 'customer'],
    paths: ['customers', 'account-records', 'credit-ageing'],
  },
  'veiculo-service': {
    healthName: 'vehicle-service',
    port: ['PORT_VEICULO', 8081],
    url: 'VEICULO_URL',
    owns: ['vehicle'],
    paths: ['vehicles', 'photos', 'warranty-claims'],
  },
  'pagamento-service': {
    healthName: 'payment-service',
    port: ['PORT_PAGAMENTO', 8082],
    url: 'PAGAMENTO_URL',
    owns: ['payment'],
    paths: ['payment-codes', 'payments', 'payment-debts', 'closings', 'webhooks', 'unmatched-payments', 'owed-items'],
  },
  'identidade-service': {
    healthName: 'identity-service',
    port: ['PORT_IDENTIDADE', 8084],
    url: 'IDENTIDADE_URL',
    owns: ['identity'],
    // the other paths of /auth are for `web` only
    paths: ['auth/jwks', 'staff'],
  },
  'avisos-service': {
    healthName: 'notification-service',
    port: ['PORT_AVISOS', 8086],
    url: 'AVISOS_URL',
    owns: ['notice'],
    paths: ['mails', 'reminders'],
  },
  orquestrador: {
    healthName: 'orquestrador',
    port: ['PORT_ORQUESTRADOR', 8083],
    url: 'ORQUESTRADOR_URL',
    owns: ['purchase'],
    paths: [
      'purchase',
      'returns',
      'saga-states',
      'webhook-subscriptions',
      'webhook-deliveries',
      'audits',
      'reports',
      'last-backup',
      'step-times',
    ],
  },
} as const satisfies Readonly<Record<string, Service>>

/** Services without data. */
export const doors = {
  gateway: { healthName: 'gateway', port: ['PORT_GATEWAY', 8000] },
} as const satisfies Readonly<Record<string, Process>>

/** They render pages for people, from the answers of the services. */
export const pages = { healthName: 'web', port: ['PORT_WEB', 3000] } as const satisfies Process

export const processes = { ...services, ...doors } as const

export type ServiceName = keyof typeof services
export type ProcessName = keyof typeof processes

export const serviceNames = Object.keys(services) as readonly ServiceName[]
export const processNames = Object.keys(processes) as readonly ProcessName[]

export const isServiceName = (name: string | undefined): name is ServiceName =>
  serviceNames.some((known) => known === name)

/** The only service that may send to a topic: the orquestrador gives commands, the owner of a subject tells its events. */
export function publisherOf(topic: string): ServiceName {
  const publisher = knownPublisherOf(topic)
  if (!publisher) throw new Error(`who publishes ${topic}? Name the owner of its subject in contracts/services.ts`)
  return publisher
}

/** Undefined if no contract has this topic. */
export function knownPublisherOf(topic: string): ServiceName | undefined {
  const [kind, subject = ''] = topic.split('.')
  const owner = serviceNames.find((name) => services[name].owns.some((owned) => owned === subject))
  return owner && (kind === 'commands' ? 'orquestrador' : owner)
}

/** The service that a subscription belongs to: `cliente-service-reserve-credit-sub` is cliente-service's. */
export function subscriberOf(subscription: string): ServiceName {
  const subscriber = serviceNames.find((name) => subscription.startsWith(`${name}-`))
  if (!subscriber) throw new Error(`${subscription} does not begin with the name of a service`)
  return subscriber
}

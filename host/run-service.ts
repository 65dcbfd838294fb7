/** Brings one service up on its database and the bus, and down again in the reverse order. */
import type { Logger } from 'pino'
import { permissionsOf, processes, type ServiceName } from '#contracts'
import { type Bus, relay, type UnitOfWork, unitOfWork } from '#messaging'
import type { Turns } from '#platform/batching/turns'
import type { Clock, Ids } from '#platform/clock'
import { type Config, portOf } from '#platform/config'
import { httpApp } from '#platform/http/app'
import { limitsOf } from '#platform/http/connections'
import type { Figures } from '#platform/http/figures'
import { listen } from '#platform/http/protocol'
import type { HttpApp } from '#platform/http/server'
import { refuseUnsafe } from '#platform/production'
import { type Telemetry, telemetry } from '#platform/telemetry'
import type { Issuers } from '#platform/tokens/issuers'
import { accessRoutes } from './access-log/routes.ts'
import { anchorRoutes, anchorsOf, startAnchoring } from './anchors.ts'
import { approvalPolicy, openApprovals } from './approvals/approvals.ts'
import { approvalRoutes } from './approvals/routes.ts'
import { startHousekeeping } from './housekeeping.ts'
import { journalRoutes } from './journal/routes.ts'
import { messagingGauges } from './measures.ts'
import { type Data, openData } from './open-data.ts'
import { operatorRoutes } from './operator-routes.ts'
import { replayer } from './replay.ts'
import type { ServiceContext, ServiceDefinition, Wiring } from './service.ts'
import { stateRoutes } from './state-routes.ts'
import { subscribeAll } from './subscribe.ts'
import { suspicionsOf, suspicionsRoute } from './suspicions-route.ts'

export interface RunningService extends AsyncDisposable {
  readonly name: string
  /** `http://127.0.0.1:8080` */
  readonly url: string
  /** Takes up the work that an earlier run left behind; call it once every service listens and is subscribed. */
  begin(): Promise<void>
  /** From now on it says that it is not ready, so that a load balancer turns elsewhere; it still answers. */
  retire(): void
}

export interface ProcessContext {
  readonly config: Config
  /** The URL of a server; the service makes its own database there. */
  readonly databaseServer: string
  readonly bus: Bus
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Logger
  readonly version: string
  readonly addressOf: (service: string) => string
  readonly issuers: Issuers
  /** Set when the process tells its figures on a port of their own. */
  readonly figures?: Figures | undefined
  /** Shared by all batches of the process. */
  readonly turns: Turns
}

export async function runService(definition: ServiceDefinition, context: ProcessContext): Promise<RunningService> {
  const { config, bus, clock, ids, turns } = context
  const { name } = definition
  refuseUnsafe(config, name)
  const log = context.log.child({ service: name })
  await using started = new AsyncDisposableStack()

  const data = started.use(await openData(definition, context.databaseServer, config, log))
  const sharedAt = config.BUS === 'embedded' ? undefined : data.databaseUrl
  const outbox = started.use(relay(data.database, bus, (err) => log.error({ err }, 'relay'), sharedAt))
  const own = contextOf(definition.name, data, unitOfWork(data.database, outbox, { ids, clock }), log, context)
  const wiring = definition.wire(own)

  const measures = telemetry(name)
  let isReady = false
  const app = await appOf(definition, wiring, own, { ...context, measures, isReady: () => isReady })
  const clocks = started.use(new AsyncDisposableStack())
  started.defer(() => app.close())
  await listen(app, config.HOST, portOf(config, name))
  subscribeAll(bus, { name, handlers: wiring.handlers, unitOfWork: own.unitOfWork, turns, telemetry: measures, log })

  const running = started.move()
  return {
    name,
    url: app.listeningOrigin.replace('0.0.0.0', '127.0.0.1'),
    async begin() {
      const service = wiring.start?.()
      if (service) clocks.use(service)
      const onError = (err: unknown) => log.error({ err }, 'old rows could not be removed')
      clocks.use(startHousekeeping({ database: data.database, clock, chores: wiring.chores, onError }))
      const anchors = anchorsOf(config, name, own.vault)
      const onFault = (err: unknown) =>
        log.error({ err }, 'the heads of the access log and the journal could not be anchored')
      clocks.use(startAnchoring(anchors, data.database, clock, onFault))
      await outbox.start()
      await bus.opened()
      isReady = true
    },
    retire() {
      isReady = false
    },
    async [Symbol.asyncDispose]() {
      isReady = false
      await running.disposeAsync()
    },
  }
}

const contextOf = (
  name: ServiceName,
  { database, databaseUrl, vault }: Data,
  work: UnitOfWork,
  log: Logger,
  { config, clock, ids, addressOf, issuers, turns }: ProcessContext,
): ServiceContext => ({
  config,
  database,
  databaseUrl,
  vault,
  unitOfWork: work,
  clock,
  ids,
  log,
  addressOf,
  serviceToken: (at, refused) => issuers.serviceToken(name, at, refused),
  turns,
  approvals: openApprovals({ vault, clock, ids, policy: approvalPolicy(config) }),
})

interface AppContext extends ProcessContext {
  readonly measures: Telemetry
  readonly isReady: () => boolean
}

/** Its own routes beside those that every service has. */
async function appOf(
  { name, description }: ServiceDefinition,
  wiring: Wiring,
  { config, database, vault, unitOfWork: work, clock, log }: ServiceContext,
  { version, issuers, measures, isReady, figures }: AppContext,
): Promise<HttpApp> {
  const subscriptions = wiring.handlers.map(({ subscription }) => subscription)
  for (const gauge of [...messagingGauges(database, subscriptions), ...(wiring.gauges ?? [])]) measures.gauge(gauge)
  const access = { verify: issuers.verifierAt(name), permissions: permissionsOf(name) }
  const app = await httpApp({
    title: name,
    description,
    version,
    log,
    access,
    telemetry: measures,
    figures,
    ...limitsOf(config),
  })
  const onReplayFault = (err: unknown, { id, subscription }: { id: number; subscription: string }) =>
    log.error({ err, subscription, dead_letter: id }, 'a dead letter could not be handled')
  const replay = replayer({ unitOfWork: work, receivers: wiring.handlers, onFault: onReplayFault })

  stateRoutes({ service: processes[name].healthName, database, version, clock, isReady })(app)
  operatorRoutes({ database, vault, clock, replay })(app)
  accessRoutes({ database })(app)
  journalRoutes({ database })(app)
  suspicionsRoute(clock, suspicionsOf(database, wiring.suspicions))(app)
  anchorRoutes(anchorsOf(config, name, vault))(app)
  approvalRoutes({ database, unitOfWork: work, vault, clock, kinds: wiring.approvalKinds ?? [] })(app)
  wiring.routes(app)
  return app
}

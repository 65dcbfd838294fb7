/** Brings one service up on its database and the bus, and down again in the reverse order. */
import type { Logger } from 'pino'
import { permissionsOf, processes } from '#contracts'
import type { Bus } from '#messaging'
import { consumer, deadLetterSubscription, deadLetterTopic, parkGivenUp, relay, unitOfWork } from '#messaging'
import type { Turns } from '#platform/batching/turns'
import type { Clock, Ids } from '#platform/clock'
import { type Config, portOf } from '#platform/config'
import { createDatabaseIfMissing, openDatabase } from '#platform/database/database'
import { migrate } from '#platform/database/migrate'
import { httpApp } from '#platform/http/app'
import { limitsOf } from '#platform/http/connections'
import { refuseUnsafe } from '#platform/production'
import { telemetry } from '#platform/telemetry'
import type { Issuers } from '#platform/tokens/issuers'
import { openKeyWrapper } from '#platform/vault/open-key-wrapper'
import { openVault } from '#platform/vault/vault'
import { accessRoutes } from './access-log/routes.ts'
import { approvalPolicy, openApprovals } from './approvals/approvals.ts'
import { approvalRoutes } from './approvals/routes.ts'
import { startHousekeeping } from './housekeeping.ts'
import { journalRoutes } from './journal/routes.ts'
import { batchMeasures, messagingGauges } from './measures.ts'
import { operatorRoutes } from './operator-routes.ts'
import { replayer } from './replay.ts'
import { databaseUrlOf, type ServiceDefinition } from './service.ts'
import { stateRoutes } from './state-routes.ts'

export interface RunningService extends AsyncDisposable {
  readonly name: string
  /** `http://127.0.0.1:8080` */
  readonly url: string
  /** Takes up what an earlier run left behind; call it once every service listens and is subscribed. */
  begin(): Promise<void>
  /** Says from now on that it is not ready, so that a load balancer looks elsewhere; it still answers. */
  retire(): void
}

export interface ProcessContext {
  readonly config: Config
  /** A server; the service makes its own database there. */
  readonly databaseServer: string
  readonly bus: Bus
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Logger
  readonly version: string
  readonly addressOf: (service: string) => string
  readonly issuers: Issuers
  /** One for all batches of the process. */
  readonly turns: Turns
}

/** Over connections of its own: an index of a big table may take longer than anything else is given. */
async function migrateOnce(url: string, { migrations }: ServiceDefinition, onIdleError: (error: Error) => void) {
  await using database = openDatabase({ url, poolSize: 2, patience: 0, onIdleError })
  await migrate(database, [new URL('../messaging/migrations/', import.meta.url), migrations])
}

export async function runService(definition: ServiceDefinition, context: ProcessContext): Promise<RunningService> {
  const { config, bus, clock, ids, version, addressOf } = context
  refuseUnsafe(config, definition.name)
  const log = context.log.child({ service: definition.name })
  await using started = new AsyncDisposableStack()

  const url = databaseUrlOf(definition.name, context.databaseServer, config)
  await createDatabaseIfMissing(url)
  const onIdleError = (err: Error) => log.warn({ err }, 'an idle database connection was lost')
  await migrateOnce(url, definition, onIdleError)
  const database = started.use(openDatabase({ url, poolSize: config.DATABASE_POOL_SIZE, onIdleError }))
  const vault = await openVault(database, openKeyWrapper(config), definition.name)
  const sealed = (await definition.sealPlain?.(database, vault)) ?? 0
  if (sealed > 0) log.info({ rows: sealed }, 'rows from before fields were sealed are sealed now')

  const sharedAt = config.BUS === 'embedded' ? undefined : url
  const outbox = started.use(relay(database, bus, (err) => log.error({ err }, 'relay'), sharedAt))
  const work = unitOfWork(database, outbox, { ids, clock })
  const wiring = definition.wire({
    config,
    database,
    databaseUrl: url,
    vault,
    unitOfWork: work,
    clock,
    ids,
    log,
    addressOf,
    serviceToken: context.issuers.serviceToken,
    turns: context.turns,
    approvals: openApprovals({ vault, clock, ids, policy: approvalPolicy(config) }),
  })

  const told = telemetry(definition.name)
  const subscriptions = wiring.handlers.map(({ subscription }) => subscription)
  for (const gauge of [...messagingGauges(database, subscriptions), ...(wiring.gauges ?? [])]) told.gauge(gauge)

  const { name: title, description } = definition
  const access = { verify: context.issuers.verify, permissions: permissionsOf(definition.name) }
  const app = await httpApp({ title, description, version, log, access, telemetry: told, ...limitsOf(config) })
  let ready = false
  stateRoutes({ service: processes[title].healthName, database, version, clock, isReady: () => ready })(app)
  const onReplayFault = (err: unknown, { id, subscription }: { id: number; subscription: string }) =>
    log.error({ err, subscription, dead_letter: id }, 'a dead letter could not be handled')
  const replay = replayer({ unitOfWork: work, receivers: wiring.handlers, onFault: onReplayFault })
  operatorRoutes({ database, clock, replay })(app)
  accessRoutes({ database })(app)
  journalRoutes({ database })(app)
  approvalRoutes({ database, unitOfWork: work, vault, clock, kinds: wiring.approvalKinds ?? [] })(app)
  wiring.routes(app)
  const own = new AsyncDisposableStack()
  started.use(own)
  started.defer(() => app.close())
  await app.listen({ host: config.HOST, port: portOf(config, definition.name) })

  const measured = batchMeasures(told)
  for (const handler of wiring.handlers) {
    const { subscription, contract, gather = 0 } = handler
    const onFault = (err: unknown, message?: { message_id: string; transaction_id: string }) => {
      const { message_id, transaction_id } = message ?? {}
      log.error({ err, subscription, message_id, transaction_id }, 'a message could not be handled')
    }
    // an intake commits elsewhere, in a group commit that takes its own turn
    const options = 'handle' in handler ? { gather, turns: context.turns } : { gather }
    const consume = measured(subscription, (onParked) => consumer(handler, work, onFault, onParked))
    bus.subscribe(contract.topic, subscription, consume, options)
  }
  const last = deadLetterSubscription(definition.name)
  bus.subscribe(
    deadLetterTopic(definition.name),
    last,
    measured(last, (onParked) => parkGivenUp(work, onParked)),
  )

  const running = started.move()
  return {
    name: definition.name,
    url: app.listeningOrigin.replace('0.0.0.0', '127.0.0.1'),
    async begin() {
      const clocks = wiring.start?.()
      if (clocks) own.use(clocks)
      own.use(
        startHousekeeping({
          database,
          clock,
          chores: wiring.chores,
          onError: (err) => log.error({ err }, 'old rows could not be removed'),
        }),
      )
      await outbox.start()
      await bus.opened()
      ready = true
    },
    retire() {
      ready = false
    },
    async [Symbol.asyncDispose]() {
      ready = false
      await running.disposeAsync()
    },
  }
}

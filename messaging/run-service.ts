/** Brings one service up on its database and the bus, and down again in the reverse order. */
import type { Logger } from 'pino'
import { identify, type Keyring } from '#platform/auth'
import type { Clock, Ids } from '#platform/clock'
import type { Config } from '#platform/config'
import { createDatabaseIfMissing, type Database, openDatabase } from '#platform/database'
import { healthSchema } from '#platform/health'
import { type HttpApp, httpApp } from '#platform/http'
import { migrate } from '#platform/migrate'
import { Problem } from '#platform/problem-json'
import type { Turns } from '#platform/turns'
import type { Bus } from './bus.ts'
import { consumer } from './consume.ts'
import { parkGivenUp } from './dead-letters.ts'
import { relay } from './relay.ts'
import type { ServiceDefinition } from './service.ts'
import { deadLetterSubscription, deadLetterTopic } from './topology.ts'
import { unitOfWork } from './unit-of-work.ts'

export interface RunningService extends AsyncDisposable {
  readonly name: string
  /** `http://127.0.0.1:8080` */
  readonly url: string
  /** Takes up what an earlier run left behind; call it once every service listens and is subscribed. */
  begin(): Promise<void>
  /** Says from now on that it is not ready, so that a load balancer looks elsewhere; it still answers. */
  retire(): void
}

export interface Surroundings {
  readonly config: Config
  /** A server; the service makes its own database there. */
  readonly databaseServer: string
  readonly bus: Bus
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Logger
  readonly version: string
  readonly addressOf: (service: string) => string
  readonly keyring: Keyring
  /** One for all batches of the process. */
  readonly turns: Turns
}

export async function runService(definition: ServiceDefinition, around: Surroundings): Promise<RunningService> {
  const { config, bus, clock, ids, version, addressOf } = around
  const log = around.log.child({ service: definition.name })
  await using started = new AsyncDisposableStack()

  const url = new URL(around.databaseServer)
  url.pathname = `/${config.DATABASE_PREFIX}${definition.databaseName}`
  await createDatabaseIfMissing(url.href)
  const database = started.use(
    openDatabase({
      url: url.href,
      poolSize: config.DATABASE_POOL_SIZE,
      // the error itself carries the whole connection
      onIdleError: ({ message }) => log.warn({ reason: message }, 'an idle database connection was lost'),
    }),
  )
  await migrate(database, [new URL('./migrations/', import.meta.url), definition.migrations])

  const sharedAt = config.BUS === 'embedded' ? undefined : url.href
  const outbox = started.use(relay(database, bus, clock, (err) => log.error({ err }, 'relay'), sharedAt))
  const work = unitOfWork(database, outbox, { ids, clock })
  const wiring = definition.wire({
    config,
    database,
    unitOfWork: work,
    clock,
    ids,
    log,
    addressOf,
    turns: around.turns,
  })

  const app = await httpApp({ title: definition.name, description: definition.description, version, log })
  app.addHook('onRequest', identify(around.keyring))
  let ready = false
  addStateRoutes(app, definition, database, version, clock, () => ready)
  wiring.routes(app)
  let own: AsyncDisposable | undefined
  started.defer(async () => own?.[Symbol.asyncDispose]())
  started.defer(() => app.close())
  await app.listen({ host: config.HOST, port: definition.port(config) })

  for (const handler of wiring.handlers) {
    const onFault = (err: unknown, message?: { message_id: string; transaction_id: string }) => {
      const { message_id, transaction_id } = message ?? {}
      log.error(
        { err, subscription: handler.subscription, message_id, transaction_id },
        'a message could not be handled',
      )
    }
    const { gather = 0 } = handler
    // an intake commits elsewhere, in a group commit that takes its own turn
    const options = 'handle' in handler ? { gather, turns: around.turns } : { gather }
    bus.subscribe(handler.contract.topic, handler.subscription, consumer(handler, work, onFault), options)
  }
  bus.subscribe(deadLetterTopic(definition.name), deadLetterSubscription(definition.name), parkGivenUp(work))

  const running = started.move()
  return {
    name: definition.name,
    url: app.listeningOrigin.replace('0.0.0.0', '127.0.0.1'),
    async begin() {
      own = wiring.start?.()
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

function addStateRoutes(
  app: HttpApp,
  { healthName: service }: ServiceDefinition,
  database: Database,
  version: string,
  clock: Clock,
  ready: () => boolean,
) {
  const answer = async (status: string) => {
    await database.query('select 1').catch(() => {
      throw new Problem('unavailable')
    })
    return { status, service, timestamp: clock.now().toISOString(), version }
  }
  const alive = healthSchema('Whether the service is alive and reaches its database')
  app.get('/health', { schema: alive }, () => answer('healthy'))
  app.get('/ready', { schema: healthSchema('Whether it may take traffic') }, () => {
    if (!ready()) throw new Problem('unavailable')
    return answer('ready')
  })
}

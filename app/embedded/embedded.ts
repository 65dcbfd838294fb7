/** All services in one process, on a PostgreSQL server of their own or the one that DATABASE_URL names. */
import { join } from 'node:path'
import type { Logger } from 'pino'
import { type RunningService, runService } from '#host'
import type { Bus } from '#messaging'
import { turns } from '#platform/batching/turns'
import { type Clock, type Ids, systemClock, systemIds } from '#platform/clock'
import type { Config } from '#platform/config'
import { openIssuers } from '#platform/tokens/issuers'
import { startTracing } from '#platform/tracing-export'
import { runGateway } from '../../services/gateway/service.ts'
import { openBus } from '../bus.ts'
import { figuresOf } from '../figures.ts'
import { onceThere } from '../once-there.ts'
import { allServices } from '../services.ts'
import { version } from '../version.ts'
import { startEmbeddedPostgres } from './postgres.ts'

export interface EmbeddedSystem extends AsyncDisposable {
  readonly services: readonly RunningService[]
  /** Where PostgreSQL listens, without its password. */
  readonly postgres: string
  /** For listeners to events in the same process. */
  readonly bus: Bus
  addressOf(service: string): string
}

export interface EmbeddedOptions {
  readonly config: Config
  readonly log: Logger
  readonly clock?: Clock
  readonly ids?: Ids
  /** Where the pages are, for the gateway. */
  readonly pages?: string
}

/** Resolves when every service takes traffic. Disposing of it stops the services first, then the database. */
export async function startEmbedded({
  config,
  log,
  clock = systemClock,
  ids = systemIds,
  pages,
}: EmbeddedOptions): Promise<EmbeddedSystem> {
  await using started = new AsyncDisposableStack()
  started.use(await startTracing(config, version)) // disposed of last, so that traces include the stop of everything else
  const databaseServer = config.DATABASE_URL ?? (await ownServer(config, started))
  const bus = started.use(await openBus(config, log)) // disposed of after the services, so that their last messages go out
  const batchTurns = turns()
  const running = new Map<string, RunningService>()

  const addressOf = (service: string) => {
    const found = running.get(service)
    if (!found) throw new Error(`${service} is not listening yet`)
    return found.url
  }
  const issuers = await openIssuers(config, addressOf)
  const figures = await figuresOf(config, started)
  for (const definition of await allServices()) {
    const context = {
      config,
      databaseServer,
      bus,
      clock,
      ids,
      log,
      version,
      addressOf,
      issuers,
      figures,
      turns: batchTurns,
    }
    running.set(definition.name, started.use(await onceThere(() => runService(definition, context), log)))
  }
  started.defer(() => bus.stopTaking()) // stopped first, so that no new batch begins while the services finish
  const gateway = started.use(await runGateway({ config, clock, log, version, addressOf, pages, figures })) // closes before anything else
  running.set(gateway.name, gateway)
  for (const service of running.values()) await service.begin()

  const { host } = new URL(databaseServer)
  const stop = started.move()
  return {
    services: [...running.values()],
    postgres: host,
    bus,
    addressOf,
    [Symbol.asyncDispose]: () => stop.disposeAsync(),
  }
}

async function ownServer(config: Config, started: AsyncDisposableStack): Promise<string> {
  const directory = join(config.DATA_DIR, 'postgres')
  const server = started.use(await startEmbeddedPostgres({ directory, port: config.PORT_POSTGRES }))
  return server.url
}

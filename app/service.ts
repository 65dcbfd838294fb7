/**
 * `npm run service -- orquestrador`: runs one service in a process of its own until SIGTERM, on Pub/Sub and the PostgreSQL server
 * that DATABASE_URL names (the gateway needs neither). Many may run at once. A process waits for the things that it needs, so
 * the order of starts does not matter.
 */
import type { Logger } from 'pino'
import { isServiceName, processNames } from '#contracts'
import { type RunningService, runService, type ServiceDefinition } from '#host'
import { turns } from '#platform/batching/turns'
import { systemClock, systemIds } from '#platform/clock'
import { BadConfiguration, type Config, readConfig } from '#platform/config'
import { openLog } from '#platform/log'
import { openIssuers } from '#platform/tokens/issuers'
import { startTracing } from '#platform/tracing-export'
import { addresses } from './addresses.ts'
import { openBus } from './bus.ts'
import { figuresOf } from './figures.ts'
import { logLastWords, startFailure } from './last-words.ts'
import { onceThere } from './once-there.ts'
import { definitionOf } from './services.ts'
import { version } from './version.ts'

/** The time for a stop, from the signal on; platforms kill after ten seconds. */
const STOP_WITHIN_MS = 9_500

const { promise: stopped, resolve: stop } = Promise.withResolvers<void>()
let isRunning = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, onSignal)

try {
  const wanted = process.argv[2] ?? ''
  const usage = `usage: npm run service -- ${processNames.join('|')}

Runs one service in a process of its own, on Pub/Sub and the PostgreSQL server that DATABASE_URL names, until SIGTERM.`
  if (wanted === '--help' || wanted === '-h') {
    console.log(usage)
    process.exit(0)
  }
  if (!processNames.some((name) => name === wanted)) throw new BadConfiguration(usage)
  const config = readConfig(process.env)
  const log = openLog(config.LOG_LEVEL, { service: wanted })
  logLastWords(log)
  await using running = new AsyncDisposableStack()
  running.use(await startTracing(config, version))
  if (isServiceName(wanted)) await takeTraffic(await startAlone(await definitionOf(wanted), config, log, running))
  else {
    const { runGateway } = await import('../services/gateway/service.ts')
    await takeTraffic(running.use(await runGateway({ ...(await inProcess(config, running)), log })))
  }
} catch (error) {
  console.error(startFailure(error))
  process.exit(1) // connections from before the fault would keep the process alive
}

function onSignal() {
  if (!isRunning) process.exit(0) // nothing has begun yet
  setTimeout(() => {
    console.error('Not everything could be finished in time; another process will take it up.')
    process.exit(1)
  }, STOP_WITHIN_MS).unref()
  stop()
}

function checkThatItCanRunAlone({ BUS, DATABASE_URL }: Config) {
  const faults: string[] = []
  if (BUS === 'embedded')
    faults.push('BUS=embedded: that bus carries messages within one process, where no other service would hear them')
  if (!DATABASE_URL) faults.push('DATABASE_URL is not set: the embedded database belongs to one process alone')
  if (faults.length > 0)
    throw new BadConfiguration(`A service cannot run alone with these settings:\n  ${faults.join('\n  ')}`)
}

async function startAlone(
  definition: ServiceDefinition,
  config: Config,
  log: Logger,
  running: AsyncDisposableStack,
): Promise<RunningService> {
  checkThatItCanRunAlone(config)
  const bus = running.use(await openBus(config, log, [definition.name]))
  const issuers = await openIssuers(config, addresses(config))
  const context = {
    databaseServer: config.DATABASE_URL ?? '',
    bus,
    ids: systemIds,
    log,
    ...(await inProcess(config, running)),
    issuers,
    turns: turns(),
  }
  const service = running.use(await onceThere(() => runService(definition, context), log))
  running.defer(() => bus.stopTaking())
  return service
}

/** What services and the gateway alike are given. */
async function inProcess(config: Config, running: AsyncDisposableStack) {
  const figures = await figuresOf(config, running)
  return { config, clock: systemClock, version, addressOf: addresses(config), figures }
}

/** Until a signal comes. */
async function takeTraffic(service: RunningService) {
  isRunning = true
  await service.begin()
  console.log(`${service.name} is running at ${service.url}`)
  await stopped
  service.retire()
}

/**
 * `npm run service -- orquestrador`: one service in a process of its own, on Pub/Sub and the PostgreSQL server that DATABASE_URL
 * names, until SIGTERM. Many may run at once. It waits for what is not there yet, so that start order does not matter.
 */
import { setTimeout as pause } from 'node:timers/promises'
import pino, { type Logger } from 'pino'
import { runService, type ServiceDefinition, UnfitTopology } from '#messaging'
import { openKeyring } from '#platform/auth'
import { systemClock, systemIds } from '#platform/clock'
import { BadConfiguration, type Config, readConfig } from '#platform/config'
import { isUnavailable } from '#platform/database'
import { turns } from '#platform/turns'
import { addresses } from './addresses.ts'
import { openBus } from './bus.ts'
import { services, version } from './embedded.ts'

/** Milliseconds from the signal; platforms kill after ten seconds. */
const STOP_WITHIN = 9_500

const { promise: stopped, resolve: stop } = Promise.withResolvers<void>()
let isRunning = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, onSignal)

try {
  const definition = services.find(({ name }) => name === process.argv[2])
  if (!definition) throw new BadConfiguration(`usage: npm run service -- ${services.map(({ name }) => name).join('|')}`)
  const config = readConfig(process.env)
  checkThatItCanRunAlone(config)
  await runUntilStopped(definition, config, pino({ level: config.LOG_LEVEL, base: { service: definition.name } }))
} catch (error) {
  const expected = error instanceof BadConfiguration || error instanceof UnfitTopology
  console.error(expected ? error.message : error)
  process.exit(1) // what was opened before the fault would keep the process
}

function onSignal() {
  if (!isRunning) process.exit(0) // nothing was begun yet
  setTimeout(() => {
    console.error('Not everything could be finished in time; another process will take it up.')
    process.exit(1)
  }, STOP_WITHIN).unref()
  stop()
}

function checkThatItCanRunAlone({ BUS, DATABASE_URL }: Config) {
  const faults: string[] = []
  if (BUS === 'embedded')
    faults.push('BUS=embedded: that bus carries messages within one process, where no other service would hear them')
  if (!DATABASE_URL) faults.push('DATABASE_URL is not set: the embedded database belongs to one process alone')
  if (faults.length > 0) throw new BadConfiguration(`A service cannot run alone so:\n  ${faults.join('\n  ')}`)
}

async function runUntilStopped(definition: ServiceDefinition, config: Config, log: Logger) {
  await using running = new AsyncDisposableStack()
  const bus = running.use(await openBus(config, log, [definition.name]))
  const keyring = await openKeyring(config.DATA_DIR)
  const around = {
    config,
    databaseServer: config.DATABASE_URL ?? '',
    bus,
    clock: systemClock,
    ids: systemIds,
    log,
    version,
    addressOf: addresses(config),
    keyring,
    turns: turns(),
  }
  const service = running.use(await onceThere(() => runService(definition, around), log))
  running.defer(() => bus.stopTaking())
  isRunning = true
  await service.begin()
  console.log(`${service.name} is running at ${service.url}`)
  await stopped
  service.retire()
}

/** The database may come up later than this process, or not be reachable for a while. */
async function onceThere<T>(start: () => Promise<T>, log: Logger): Promise<T> {
  for (let delay = 200; ; delay = Math.min(2 * delay, 5_000)) {
    try {
      return await start()
    } catch (err) {
      if (!isUnavailable(err)) throw err
      log.warn({ err }, 'the database cannot be reached yet')
      await pause(delay)
    }
  }
}

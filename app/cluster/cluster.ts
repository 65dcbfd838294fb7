/**
 * `npm run cluster [-- --replicas 2]`: Google's emulator, PostgreSQL, and replicas of each service as processes of their own on
 * this machine, each service behind its usual port. A replica that dies is started again: try `kill -9`.
 */
import { join } from 'node:path'
import { serviceNames } from '#contracts'
import { readConfig } from '#platform/config'
import { command, Misused } from '../command-line.ts'
import { startEmbeddedPostgres } from '../embedded/postgres.ts'
import { startPubsubEmulator } from './pubsub-emulator.ts'
import { startReplicas } from './replicas.ts'

const usage = `usage: npm run cluster -- [--replicas N]

Starts Google's Pub/Sub emulator, PostgreSQL and N replicas of each service (2 unless given), each a process of its own,
until Ctrl+C. One that dies is started again.`

const options = { replicas: { type: 'string', default: '2' } } as const
const EMULATOR_PORT = 8085

await command({ usage, options }, async (values) => {
  const config = readConfig(process.env)
  const count = Number(values.replicas)
  if (!Number.isInteger(count) || count < 1) throw new Misused('--replicas is a number from 1')
  await using started = new AsyncDisposableStack()
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })

  const directory = join(config.DATA_DIR, 'postgres')
  const DATABASE_URL =
    config.DATABASE_URL ?? started.use(await startEmbeddedPostgres({ directory, port: config.PORT_POSTGRES })).url
  const PUBSUB_EMULATOR_HOST =
    config.PUBSUB_EMULATOR_HOST ?? started.use(await startPubsubEmulator({ port: EMULATOR_PORT })).host
  const environment = { ...process.env, BUS: 'pubsub', DATABASE_URL, PUBSUB_EMULATOR_HOST, DATA_DIR: config.DATA_DIR }
  const replicas = started.use(
    await startReplicas({
      config,
      environment,
      count,
      gateways: 1,
      onDeath({ service, process: { pid } }, code) {
        console.log(`${service} (process ${pid}) ended with ${code}; starting another`)
        replicas.add(service).catch((error) => console.error(error.message))
      },
    }),
  )

  console.log(`Mercado Veículo is running, ${count} of each service, on Pub/Sub`)
  for (const name of ['gateway', ...serviceNames]) {
    const pids = replicas.running().flatMap(({ service, process: { pid } }) => (service === name ? [pid] : []))
    console.log(`  ${name.padEnd(18)} ${replicas.addressOf(name)}/docs   processes ${pids.join(', ')}`)
  }
  console.log(`  ${'PostgreSQL'.padEnd(18)} ${new URL(DATABASE_URL).host}`)
  console.log(`  ${'Pub/Sub emulator'.padEnd(18)} ${PUBSUB_EMULATOR_HOST}`)
  console.log('Ctrl+C stops it. `make demo` in another terminal shows it at work.')
  await stopped
  console.log('Stopping…')
})

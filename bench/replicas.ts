/** The system under measurement as processes: REPLICAS of each service, with PostgreSQL; the emulator is the measurer's. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { purchaseCompleted, serviceNames } from '#contracts'
import { readConfig } from '#platform/config'
import { openKeyring } from '#platform/tokens/local-issuer'
import { ANY_PORT } from '../app/addresses.ts'
import { openBus } from '../app/bus.ts'
import { startReplicas } from '../app/cluster/replicas.ts'
import { startEmbeddedPostgres } from '../app/embedded/postgres.ts'

const folder = await mkdtemp(join(tmpdir(), 'mercado-veiculo-bench-'))
const postgres = await startEmbeddedPostgres({ directory: join(folder, 'postgres'), port: 0 })
const environment = { LOG_LEVEL: 'warn', ...process.env, DATA_DIR: folder, DATABASE_URL: postgres.url }
const config = readConfig({ ...environment, ...ANY_PORT })
const bus = await openBus(config, pino({ level: config.LOG_LEVEL }))

bus.subscribe(purchaseCompleted.topic, 'bench-purchase-completed-sub', (batch) => {
  process.send?.({ completed: batch.map(({ message }) => message.transaction_id) })
  return Promise.resolve([])
})
await bus.opened()
const replicas = await startReplicas({ config, environment, count: Number(process.env.REPLICAS ?? 1) })

process.once('message', async () => {
  await replicas[Symbol.asyncDispose]()
  await bus[Symbol.asyncDispose]()
  await postgres[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
  process.disconnect()
})

process.send?.({
  databaseUrl: postgres.url,
  token: await (await openKeyring(folder)).sign({ role: 'admin' }),
  urls: Object.fromEntries(serviceNames.map((name) => [name, replicas.addressOf(name)])),
})

/**
 * The measured system, in a process of its own, with BENCH_VEHICLES vehicles on sale if that is set. It tells its parent of each
 * completed purchase.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { purchaseCompleted } from '#contracts'
import { readConfig } from '#platform/config'
import { openKeyring } from '#platform/tokens/local-issuer'
import { ANY_PORT } from '../app/addresses.ts'
import { startEmbedded } from '../app/embedded/embedded.ts'
import { startEmbeddedPostgres } from '../app/embedded/postgres.ts'
import { fillShop } from './vehicles.ts'

const folder = await mkdtemp(join(tmpdir(), 'mercado-veiculo-bench-'))
const postgres = await startEmbeddedPostgres({ directory: join(folder, 'postgres'), port: 0 })
const config = readConfig({
  LOG_LEVEL: 'warn',
  ...process.env,
  ...ANY_PORT,
  DATA_DIR: folder,
  DATABASE_URL: postgres.url,
})
if (process.env.BENCH_VEHICLES) await fillShop(postgres.url, Number(process.env.BENCH_VEHICLES))
const system = await startEmbedded({ config, log: pino({ level: config.LOG_LEVEL }) })

system.bus.subscribe(purchaseCompleted.topic, 'bench-purchase-completed-sub', (batch) => {
  process.send?.({ completed: batch.map(({ message }) => message.transaction_id) })
  return Promise.resolve([])
})

process.once('message', async () => {
  await system[Symbol.asyncDispose]()
  await postgres[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
  process.disconnect()
})

process.send?.({
  databaseUrl: postgres.url,
  token: await (await openKeyring(folder)).sign({ role: 'admin' }),
  urls: Object.fromEntries(system.services.map(({ name, url }) => [name, url])),
})

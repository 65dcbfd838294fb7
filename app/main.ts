/** `npm start`: the whole system in one process, until Ctrl+C. */
import { readConfig } from '#platform/config'
import { openLog } from '#platform/log'
import { command } from './command-line.ts'
import { type EmbeddedSystem, startEmbedded } from './embedded/embedded.ts'
import { startWebProcess, type WebProcess } from './embedded/web.ts'
import { logLastWords } from './last-words.ts'

const usage = `usage: npm start

Starts the whole system in one process, with its own PostgreSQL in DATA_DIR, until Ctrl+C. README.md lists what can be
configured, by environment variables.`

await command({ usage, options: {} }, async () => {
  const config = readConfig(process.env)
  const log = openLog(config.LOG_LEVEL)
  logLastWords(log)
  await using web = await startWebProcess(config, process.env)
  web.listening.catch(() => {}) // told below: whatever else is wrong is told first
  await using system = await startEmbedded({ config, log, pages: web.url })
  await web.listening
  await runUntilSignal(system, web)
})

async function runUntilSignal(system: EmbeddedSystem, web: WebProcess) {
  const door = system.addressOf('gateway')
  console.log('Mercado Veículo is running')
  console.log(`  ${'the shop'.padEnd(18)} ${door.replace('127.0.0.1', 'localhost')}/`)
  console.log(`  ${'web'.padEnd(18)} ${web.url}`)
  for (const { name, url } of system.services) console.log(`  ${name.padEnd(18)} ${url}/docs`)
  console.log(`  ${'PostgreSQL'.padEnd(18)} ${system.postgres}`)
  console.log('Ctrl+C stops it. `make demo` in another terminal shows it at work.')

  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
  console.log('Stopping…')
  await web[Symbol.asyncDispose]()
  await system[Symbol.asyncDispose]()
  console.log('Stopped. The data is kept.')
}

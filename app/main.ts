/** `npm start`: the whole system in one process, until Ctrl+C. */
import { readConfig } from '#platform/config'
import { openLog } from '#platform/log'
import { command } from './command-line.ts'
import { type EmbeddedSystem, startEmbedded } from './embedded/embedded.ts'
import { moveFromTakenPorts, portVariables } from './embedded/free-port.ts'
import { type Pages, portOfPages, startPages } from './embedded/pages.ts'
import { logLastWords } from './last-words.ts'

const usage = `usage: npm start

Starts the whole system in one process, with its own PostgreSQL in DATA_DIR, until Ctrl+C. docs/configuration.md lists what can be
configured, by environment variables.`

await command({ usage, options: {} }, async () => {
  const { config, said } = await moveFromTakenPorts(readConfig(process.env), process.env)
  const log = openLog(config.LOG_LEVEL)
  logLastWords(log)
  const port = config.PAGES ? await portOfPages(config, process.env) : undefined
  await using system = await startEmbedded({ config, log, ...(port && { pages: `http://127.0.0.1:${port}` }) })
  await using pages = port ? startPages(port, { ...process.env, ...portVariables(config) }) : undefined
  await pages?.listening
  for (const sentence of said) console.log(sentence)
  await runUntilSignal(system, pages)
})

async function runUntilSignal(system: EmbeddedSystem, pages: Pages | undefined) {
  const door = system.addressOf('gateway')
  console.log('Mercado Veículo is running')
  if (pages) console.log(`  ${'the shop'.padEnd(18)} ${door.replace('127.0.0.1', 'localhost')}/`)
  for (const { name, url } of system.services) console.log(`  ${name.padEnd(18)} ${url}/docs`)
  console.log(`  ${'PostgreSQL'.padEnd(18)} ${system.postgres}`)
  console.log('Ctrl+C stops it. `make demo` in another terminal shows it at work.')

  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
  console.log('Stopping…')
  await pages?.[Symbol.asyncDispose]()
  await system[Symbol.asyncDispose]()
  console.log('Stopped. The data is kept.')
}

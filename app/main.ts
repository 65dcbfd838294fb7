/** `npm start`: the whole system in one process, until Ctrl+C. */
import { BadConfiguration, readConfig } from '#platform/config'
import { openLog } from '#platform/log'
import { WrongKey } from '#platform/vault/key-wrapper'
import { type EmbeddedSystem, startEmbedded } from './embedded/embedded.ts'
import { logLastWords } from './last-words.ts'

try {
  const config = readConfig(process.env)
  const log = openLog(config.LOG_LEVEL)
  logLastWords(log)
  await runUntilSignal(await startEmbedded({ config, log }))
} catch (error) {
  console.error(error instanceof BadConfiguration || error instanceof WrongKey ? error.message : startFailure(error))
  process.exitCode = 1
}

async function runUntilSignal(system: EmbeddedSystem) {
  console.log('Mercado Veículo is running')
  for (const { name, url } of system.services) console.log(`  ${name.padEnd(18)} ${url}/docs`)
  console.log(`  ${'PostgreSQL'.padEnd(18)} ${system.postgres}`)
  console.log('Ctrl+C stops it. `make demo` in another terminal shows it at work.')

  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
  console.log('Stopping…')
  await system[Symbol.asyncDispose]()
  console.log('Stopped. The data is kept.')
}

function startFailure(error: unknown): string {
  const { code, port, message } = error as NodeJS.ErrnoException & { port?: number }
  if (code === 'EADDRINUSE')
    return `Port ${port} is taken: stop what listens there, or set another PORT_… (see README.md).`
  return `Could not start: ${error instanceof Error && error.stack ? error.stack : message}`
}

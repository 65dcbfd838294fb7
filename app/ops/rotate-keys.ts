/** `npm run -s rotate-keys`: makes a new data key for each service and seals everything anew with it, while the services work. */
import { join } from 'node:path'
import { isServiceName, serviceNames } from '#contracts'
import { databaseUrlOf, sealedTablesOf } from '#host'
import { type Config, readConfig } from '#platform/config'
import { reach } from '#platform/database/cloud-sql'
import { openDatabase } from '#platform/database/database'
import { openKeyWrapper } from '#platform/vault/open-key-wrapper'
import { rotateKeys } from '#platform/vault/reseal-store'
import { openVault } from '#platform/vault/vault'
import { command, Misused } from '../command-line.ts'
import { startEmbeddedPostgres, urlOfEmbeddedPostgres } from '../embedded/postgres.ts'
import { definitionOf } from '../services.ts'

const usage = `usage: npm run -s rotate-keys -- [--rewrap] [SERVICE…]

  SERVICE…   those whose keys are meant, by name; all unless given
  --rewrap   only wraps the data keys anew, with the key-encryption key as it is now: no row is touched

Cut off, the same command goes on where it was. The services need not stop: what the old key sealed opens as before.`

const options = { rewrap: { type: 'boolean' } } as const

await command({ usage, options, words: serviceNames.length }, async (values, names) => {
  const config = readConfig(process.env)
  if (!names.every(isServiceName)) throw new Misused(`name some of ${serviceNames.join(', ')}`)
  const wanted = serviceNames.filter((name) => names.length === 0 || names.includes(name))
  if (config.KMS_KEY && wanted.length > 1) throw new Misused('KMS_KEY is the key of one service: name that one')
  await using running = new AsyncDisposableStack()
  const server = config.DATABASE_URL ?? (await embeddedServer(config, running))
  using _reached = await reach(server, config.SQL_ADMIN_URL)
  for (const name of wanted) {
    const service = await definitionOf(name)
    await using database = openDatabase({
      url: databaseUrlOf(service.name, server, config),
      poolSize: 2,
      onIdleError: ({ message }) => console.error(message),
    })
    const vault = await openVault(database, openKeyWrapper(config), service.name)
    await service.sealPlain?.(database, vault) // a process of an older release may have written plain values since
    if (values.rewrap) console.log(`${service.name}: ${await vault.rewrap()} data keys wrapped anew`)
    else console.log(`${service.name}: ${told(await rotateKeys(database, vault, sealedTablesOf(service), new Date()))}`)
  }
})

/** The running server, or one that runs until this is over. */
async function embeddedServer({ DATA_DIR }: Config, running: AsyncDisposableStack): Promise<string> {
  const directory = join(DATA_DIR, 'postgres')
  return (
    (await urlOfEmbeddedPostgres(directory)) ?? running.use(await startEmbeddedPostgres({ directory, port: 0 })).url
  )
}

function told({ isNew, resealed, forgotten }: Awaited<ReturnType<typeof rotateKeys>>): string {
  const rows = Object.entries(resealed).map(([table, count]) => `${table} ${count}`)
  const begun = isNew ? 'a new data key' : 'gone on with the data key that was begun'
  return `${begun}; rows sealed anew: ${rows.join(', ') || 'none'}; old keys forgotten: ${forgotten}`
}

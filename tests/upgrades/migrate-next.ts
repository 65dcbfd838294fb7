/** `node tests/upgrades/migrate-next.ts <url>`: applies the next release's migrations to the orquestrador's database, as its job would. */
import { openDatabase } from '#platform/database/database'
import { migrate } from '#platform/database/migrate'

const [url = ''] = process.argv.slice(2)
await using database = openDatabase({ url, poolSize: 2, patienceMs: 0, onIdleError: (error) => console.error(error) })
const directories = ['../../messaging', '../../services/orquestrador', './next']
const applied = await migrate(
  database,
  directories.map((directory) => new URL(`${directory}/migrations/`, import.meta.url)),
)
console.log(applied.join('\n'))

/** `npm run -s backup`: saves the embedded server's databases and keys while the system works. */
import { join } from 'node:path'
import { CannotStart } from '#platform/cannot-start'
import { readConfig } from '#platform/config'
import { noteBackup } from '#platform/last-backup'
import { command, Misused } from '../command-line.ts'
import { deleteOlder, takeBackup } from './base-backup.ts'

const usage = `usage: npm run -s backup -- [--into FOLDER] [--keep N] [--without-keys]

  --into FOLDER    where the backup becomes a new folder; DATA_DIR/backups unless given. A backup on the same disk does not
                   survive that disk
  --keep N         deletes older backups in FOLDER, all but the newest N
  --without-keys   leaves the keys out: then keep DATA_DIR's other files yourself, or what is sealed stays sealed for ever`

const options = { into: { type: 'string' }, keep: { type: 'string' }, 'without-keys': { type: 'boolean' } } as const

await command({ usage, options }, async (values) => {
  const keep = values.keep === undefined ? undefined : Number(values.keep)
  if (keep !== undefined && !(Number.isSafeInteger(keep) && keep > 0)) throw new Misused('--keep takes a number from 1')
  const { DATA_DIR, DATABASE_URL } = readConfig(process.env)
  if (DATABASE_URL)
    throw new CannotStart('DATABASE_URL names a server of its own: back that up by its own means (docs/backup.md)')
  const into = values.into ?? join(DATA_DIR, 'backups')
  const withoutKeys = values['without-keys'] ?? false
  const { folder, manifest } = await takeBackup({ dataDirectory: DATA_DIR, into, withoutKeys, now: () => new Date() })
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0)
  const taken = { at: manifest.until, databases: manifest.databases.length, bytes, with_keys: !withoutKeys }
  await noteBackup(DATA_DIR, folder, taken) // the office shows how old it is
  console.log(
    `${folder}: ${manifest.databases.length} databases as of ${manifest.until}, ${(bytes / 1e6).toFixed(0)} MB`,
  )
  if (keep !== undefined) for (const name of await deleteOlder(into, keep)) console.log(`deleted ${name}`)
})

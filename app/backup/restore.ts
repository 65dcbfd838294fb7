/** `npm run -s restore -- FOLDER`: puts a backup in the place of DATA_DIR's server, which must be stopped. */
import { CannotStart } from '#platform/cannot-start'
import { readConfig } from '#platform/config'
import { command, Misused } from '../command-line.ts'
import { restoreBackup, verifyBackup } from './restore-backup.ts'

const usage = `usage: npm run -s restore -- FOLDER [--replace] [--check]

  --replace   data that is there is moved aside to DATA_DIR/before-restore-…
  --check     only reads the backup and compares every file with its hash`

const options = { replace: { type: 'boolean' }, check: { type: 'boolean' } } as const

await command({ usage, options, words: 1 }, async (values, [from]) => {
  if (from === undefined) throw new Misused('name one backup')
  if (values.check) {
    const { files, until } = await verifyBackup(from)
    console.log(`${from} is whole: ${files.length} files, as of ${until}`)
    return
  }
  const { DATA_DIR, DATABASE_URL } = readConfig(process.env)
  if (DATABASE_URL)
    throw new CannotStart('DATABASE_URL names a server of its own: restore that by its own means (docs/backup.md)')
  const replace = values.replace ?? false
  const { manifest, aside } = await restoreBackup({ dataDirectory: DATA_DIR, from, replace, now: () => new Date() })
  console.log(`restored ${manifest.databases.join(', ')} as of ${manifest.until}`)
  if (aside) console.log(`the previous data lies in ${aside}`)
  console.log('Start the system, then run `npm run -s audit`; docs/backup.md says what to look at next.')
})

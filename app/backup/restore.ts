/** `npm run -s restore -- FOLDER`: puts a backup in the place of DATA_DIR's server, which must be stopped. */
import { parseArgs } from 'node:util'
import { readConfig } from '#platform/config'
import { restoreBackup, verifyBackup } from './restore-backup.ts'

const USAGE = `usage: npm run -s restore -- FOLDER [--replace] [--check]

  --replace   data that is there is moved aside to DATA_DIR/before-restore-…
  --check     only reads the backup and compares every file with its hash`

try {
  const options = { replace: { type: 'boolean' }, check: { type: 'boolean' } } as const
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  const [from, ...more] = positionals
  if (from === undefined || more.length > 0) throw new TypeError('name one backup')
  if (values.check) {
    const { files, until } = await verifyBackup(from)
    console.log(`${from} is whole: ${files.length} files, as of ${until}`)
  } else {
    const { DATA_DIR, DATABASE_URL } = readConfig(process.env)
    if (DATABASE_URL)
      throw new Error('DATABASE_URL names a server of its own: restore that by its own means (docs/backup.md)')
    const replace = values.replace ?? false
    const { manifest, aside } = await restoreBackup({ dataDirectory: DATA_DIR, from, replace, now: () => new Date() })
    console.log(`restored ${manifest.databases.join(', ')} as of ${manifest.until}`)
    if (aside) console.log(`what was there lies in ${aside}`)
    console.log('Start the system, then run `npm run -s audit`; docs/backup.md says what to look at next.')
  }
} catch (error) {
  const isMisuse = error instanceof TypeError
  console.error(error instanceof Error ? error.message : error)
  if (isMisuse) console.error(`\n${USAGE}`)
  process.exitCode = isMisuse ? 2 : 1
}

/** `GET /last-backup`: how old the last backup is, where the system knows. */
import { Type } from 'typebox'
import { Timestamp } from '#contracts'
import type { Clock } from '#platform/clock'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import { lastBackup } from '#platform/last-backup'

export interface BackupParts {
  readonly clock: Clock
  /** DATA_DIR of the embedded server; undefined: the databases are on a server that backs them up by its own means. */
  readonly backedUpFrom: string | undefined
}

const LastBackupView = Type.Object(
  {
    kept_by: Type.Enum(['this_system', 'the_database_server'], {
      description: '`the_database_server`: DATABASE_URL names it, and this system knows nothing of its backups',
    }),
    last: Type.Union([
      Type.Object({
        at: Timestamp,
        databases: Type.Integer(),
        bytes: Type.Integer(),
        with_keys: Type.Boolean(),
        same_disk: Type.Boolean({ description: 'It does not survive what destroys the disk of the data' }),
      }),
      Type.Null(),
    ]),
    timestamp: Timestamp,
  },
  {
    title: 'LastBackup',
    examples: [
      {
        kept_by: 'this_system',
        last: { at: '2026-03-02T03:00:00.000Z', databases: 6, bytes: 14_000_000, with_keys: true, same_disk: false },
        timestamp: '2026-03-02T12:00:00.000Z',
      },
    ],
  },
)

export const backupRoutes = (parts: BackupParts) => (app: HttpApp) => {
  app.get('/last-backup', { schema: showLastBackupSchema }, showLastBackup(parts))
}

const showLastBackupSchema = {
  summary: 'The last backup that `npm run -s backup` took of this system',
  tags: ['operations'],
  response: answers({ 200: LastBackupView }),
}

const showLastBackup =
  ({ clock, backedUpFrom }: BackupParts): Handler<typeof showLastBackupSchema> =>
  async () => ({
    kept_by: backedUpFrom === undefined ? ('the_database_server' as const) : ('this_system' as const),
    last: (backedUpFrom !== undefined && (await lastBackup(backedUpFrom))) || null,
    timestamp: clock.now().toISOString(),
  })

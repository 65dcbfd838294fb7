/**
 * The procedure of docs/backup.md for a server of one's own: a base backup, the archived write-ahead log, and a server that is
 * brought back to the second before a mistake. Every earlier purchase is there, and no later one.
 */
import assert from 'node:assert/strict'
import { appendFile, chmod, cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Client } from 'pg'
import { takeBackup } from '../../app/backup/base-backup.ts'
import { startEmbeddedPostgres } from '../../app/embedded/postgres.ts'
import { buy, customerOf, customerWith, settled, startSystem, until, vehicleAt, vehicleOf } from '../fixtures/system.ts'

test('a server is brought back to the moment before a mistake', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'mercado-veiculo-moment-'))
  t.after(() => rm(home, { recursive: true, force: true }))
  await chmod(home, 0o755)
  const archive = join(home, 'archive')
  await mkdir(archive)
  await chmod(archive, 0o777) // the server may run as another user

  const settings = {
    archive_mode: 'on',
    archive_command: `test ! -f ${archive}/%f && cp %p ${archive}/%f`,
    wal_level: 'replica',
  }
  const dataDirectory = join(home, 'one')
  const one = await startEmbeddedPostgres({
    directory: join(dataDirectory, 'postgres'),
    port: 0,
    durable: false,
    settings,
  })
  await using stopping = new AsyncDisposableStack()
  stopping.use(one)
  const DATA_DIR = join(home, 'keys')
  const before = await startSystem({ DATA_DIR, DATABASE_URL: one.url, DATABASE_PREFIX: '' })
  const buyer = await customerWith(before, { initial_balance: 100_000 })
  const early = await vehicleAt(before, 10_000)
  const first = await buy(before, buyer, early)
  assert.equal((await settled(before, first)).status, 'COMPLETED')
  const { folder } = await takeBackup({ dataDirectory, into: join(home, 'backups'), now: () => new Date() })

  const second = await buy(before, buyer, await vehicleAt(before, 20_000))
  assert.equal((await settled(before, second)).status, 'COMPLETED')
  const moment = await ask(one.url, 'select clock_timestamp()::text as answer')
  const third = await buy(before, buyer, await vehicleAt(before, 30_000))
  assert.equal((await settled(before, third)).status, 'COMPLETED')
  await before.system[Symbol.asyncDispose]()
  await ask(one.url, 'drop database orquestrador', 'select 1::text as answer')
  const segment = await ask(one.url, 'select pg_walfile_name(pg_switch_wal()) as answer')
  await until('the log is archived', async () => (await readdir(archive)).includes(segment))
  await stopping.disposeAsync()

  const directory = join(home, 'two', 'postgres')
  await mkdir(join(home, 'two'))
  await cp(join(folder, 'postgres'), directory, { recursive: true })
  await chmod(join(directory, 'data'), 0o700)
  await writeFile(join(directory, 'data', 'recovery.signal'), '')
  await appendFile(
    join(directory, 'data', 'postgresql.auto.conf'),
    `restore_command = 'cp ${archive}/%f %p'
recovery_target_time = '${moment}'
recovery_target_action = 'promote'
`,
  )
  await using two = await startEmbeddedPostgres({ directory, port: 0, durable: false })
  await until(
    'it has come to its moment',
    async () => (await ask(two.url, 'select pg_is_in_recovery()::text as answer')) === 'false',
  )
  const after = await startSystem({ DATA_DIR, DATABASE_URL: two.url, DATABASE_PREFIX: '' })
  assert.equal((await settled(after, first)).status, 'COMPLETED')
  assert.equal((await settled(after, second)).status, 'COMPLETED')
  assert.equal((await after.call('orquestrador', 'GET', `/saga-states/${third}`)).status, 404)
  assert.equal((await customerOf(after, buyer)).account_balance, 70_000)
  assert.equal((await vehicleOf(after, early)).status, 'sold')
  const { body } = await after.call('orquestrador', 'POST', '/audits', {})
  const audit = await until('the audit is finished', async () => {
    const found = await after.call('orquestrador', 'GET', `/audits/${body.id}`)
    return found.body.status !== 'running' && found.body
  })
  assert.deepEqual([audit.status, audit.findings], ['finished', []], 'all four databases are of one moment')
  await after.system[Symbol.asyncDispose]()
})

/** The answer of the last statement. */
async function ask(url: string, ...statements: readonly string[]): Promise<string> {
  const session = new Client({ connectionString: url })
  await session.connect()
  try {
    let answer = ''
    for (const statement of statements)
      answer = (await session.query<{ answer: string }>(statement)).rows[0]?.answer ?? ''
    return answer
  } finally {
    await session.end()
  }
}

import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, type QueryResultRow } from 'pg'
import { type EmbeddedPostgresOptions, startEmbeddedPostgres } from './postgres.ts'

const isRoot = process.getuid?.() === 0
const isWindows = process.platform === 'win32'

describe('an embedded PostgreSQL', { concurrency: 4, timeout: 60_000 }, () => {
  test('finds its data and its password again at the next start', async (t) => {
    const options = await throwAway(t)
    {
      await using first = await startEmbeddedPostgres(options)
      await query(first.url, `create table car as select 'Opala' as model`)
    }
    await using second = await startEmbeddedPostgres(options)
    assert.deepEqual(await query(second.url, 'select model from car'), [{ model: 'Opala' }])
  })

  test('uses UTF-8 whatever the locale of the machine, and takes settings literally', async (t) => {
    const value = `it's a \\ and a $HOME`
    const options = await throwAway(t)
    await using server = await startEmbeddedPostgres({ ...options, settings: { application_name: value } })
    assert.deepEqual(
      await query(
        server.url,
        `select upper('ação') as upper, boot.setting as name from pg_file_settings boot where name = 'application_name'`,
      ),
      [{ upper: 'AÇÃO', name: value }],
    )
  })

  test('moves to a free port when the preferred one is taken', async (t) => {
    await using other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const address = other.address()
    assert(typeof address === 'object' && address)
    await using server = await startEmbeddedPostgres({ ...(await throwAway(t)), port: address.port })
    assert.notEqual(server.port, address.port)
    assert.deepEqual(await query(server.url, `select current_setting('port')::int as port`), [{ port: server.port }])
  })

  test('adopts the server that a killed process left running, and stops it at the end', async (t) => {
    const options = await throwAway(t)
    const killed = startInChild(t, options)
    const url = await firstLine(killed)
    await query(url, `create table car as select 'Opala' as model`)
    await kill(killed)
    assert.deepEqual(await query(url, 'select model from car'), [{ model: 'Opala' }])

    const server = await startEmbeddedPostgres(options)
    assert.equal(server.url, url)
    await server[Symbol.asyncDispose]()
    await assert.rejects(query(url, 'select'), { code: 'ECONNREFUSED' })
  })

  test('starts anew when an earlier process was killed while it created the cluster', async (t) => {
    const options = await throwAway(t)
    const killed = startInChild(t, options)
    await until(async () => (await readdir(join(options.directory, '..'))).some((name) => name.includes('unfinished')))
    await kill(killed)
    await using server = await startEmbeddedPostgres(options)
    assert.deepEqual(await query(server.url, 'select 1 as one'), [{ one: 1 }])
  })

  test('refuses a second instance on the same directory, and the first works on', async (t) => {
    const options = await throwAway(t)
    await using first = await startEmbeddedPostgres(options)
    const message = new RegExp(`is in use by .*process ${process.pid}`)
    await assert.rejects(startEmbeddedPostgres(options), { message })
    assert.deepEqual(await query(first.url, 'select 1 as one'), [{ one: 1 }])
  })

  test('lets one of two starts through that come to a new directory at once', async (t) => {
    const options = await throwAway(t)
    const both = await Promise.allSettled([startEmbeddedPostgres(options), startEmbeddedPostgres(options)])
    const [winner, ...others] = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    assert(winner && others.length === 0)
    assert.deepEqual(await query(winner.url, 'select 1 as one'), [{ one: 1 }])
    await winner[Symbol.asyncDispose]()
  })

  test('takes its lock again after the server ended all sessions', async (t) => {
    await using server = await startEmbeddedPostgres(await throwAway(t))
    const holders = () => query<{ pid: number }>(server.url, `select pid from pg_locks where locktype = 'advisory'`)
    const [before] = await holders()
    await query(server.url, 'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()')
    await until(async () => {
      const [after] = await holders()
      return after !== undefined && after.pid !== before?.pid
    })
  })

  test('starts the server again when it is killed, where everybody looks for it, with all that was committed', {
    skip: isWindows && 'kills as POSIX does',
  }, async (t) => {
    const options = { ...(await throwAway(t)), durable: true }
    await using server = await startEmbeddedPostgres(options)
    await query(server.url, `create table car as select 'Opala' as model`)
    const pid = async () =>
      Number((await readFile(join(options.directory, 'data', 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')[0])
    for (let round = 0; round < 2; round += 1) {
      const killed = await pid()
      process.kill(killed, 'SIGKILL')
      await until(() =>
        query(server.url, 'select model from car').then(
          async (rows) => rows.length === 1 && (await pid()) !== killed,
          () => false,
        ),
      )
    }
    assert.deepEqual(await query(server.url, 'select model from car'), [{ model: 'Opala' }])
  })

  test('survives the crash of the server, whose pid a stranger may have been given since', {
    skip: isWindows && 'kills and spawns as POSIX does',
  }, async (t) => {
    const options = { ...(await throwAway(t)), durable: true }
    const pidFile = join(options.directory, 'data', 'postmaster.pid')
    const owner = startInChild(t, options)
    const url = await firstLine(owner)
    await query(url, `create table car as select 'Opala' as model`)
    const [pid = '', ...rest] = (await readFile(pidFile, 'utf8')).split('\n')
    await kill(owner) // or it would start the server again
    process.kill(Number(pid), 'SIGKILL')
    await until(() =>
      query(url, 'select').then(
        () => false,
        () => true,
      ),
    )

    const { uid, gid } = await stat(pidFile) // of the server's own user, whose processes PostgreSQL takes for servers
    const stranger = spawn('sleep', ['1000'], isRoot ? { uid, gid } : {})
    t.after(() => kill(stranger))
    await writeFile(pidFile, [stranger.pid, ...rest].join('\n'))
    {
      await using server = await startEmbeddedPostgres(options)
      assert.deepEqual(await query(server.url, 'select model from car'), [{ model: 'Opala' }])
    }
    assert.equal(stranger.exitCode ?? stranger.signalCode, null)
  })

  test('says why the server does not start', async (t) => {
    const options = { ...(await throwAway(t)), settings: { max_connections: 'many' } }
    await assert.rejects(startEmbeddedPostgres(options), { message: /postgres\.log:[\s\S]*max_connections.*"many"/ })
  })

  test('runs as another user when started by root', { skip: !isRoot && 'needs root' }, async (t) => {
    const options = await throwAway(t)
    await using _ = await startEmbeddedPostgres(options)
    assert.notEqual((await stat(join(options.directory, 'data', 'postmaster.pid'))).uid, 0)
  })

  test('runs as the user that started it', { skip: (isRoot || isWindows) && 'needs an ordinary user' }, async (t) => {
    const options = await throwAway(t)
    await using _ = await startEmbeddedPostgres(options)
    assert.equal((await stat(join(options.directory, 'data', 'postmaster.pid'))).uid, process.getuid?.())
  })
})

async function throwAway(t: TestContext): Promise<EmbeddedPostgresOptions> {
  const parent = await mkdtemp(join(tmpdir(), 'embedded-postgres-test-'))
  t.after(() => rm(parent, { recursive: true, force: true, maxRetries: 20 }))
  return { directory: join(parent, 'postgres'), port: 0, durable: false }
}

function startInChild(t: TestContext, options: EmbeddedPostgresOptions): ChildProcess {
  const script = `
    import { startEmbeddedPostgres } from ${JSON.stringify(import.meta.resolve('./postgres.ts'))}
    console.log((await startEmbeddedPostgres(${JSON.stringify(options)})).url)`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => kill(child))
  return child
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  for await (const chunk of stdout ?? []) return String(chunk).trim()
  throw new Error('the child ended without a word')
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}

async function query<Row extends QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  return (await client.query<Row>(sql).finally(() => client.end())).rows
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 20_000; !(await condition()); await sleep(10)) {
    if (Date.now() > deadline) throw new Error(`never came: ${condition}`)
  }
}

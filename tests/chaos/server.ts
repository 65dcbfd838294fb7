/** The PostgreSQL server of a run: it can be stopped in every way in which servers stop, and comes up again. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../app/embedded/postgres.ts'

/** fast: it ends its sessions and stops in order. immediate: as a crash, but told. crash: the postmaster by SIGKILL. */
export type Ending = 'fast' | 'immediate' | 'crash'

export interface Server extends AsyncDisposable {
  /** Of the superuser, straight to the server. */
  url(): string
  port(): number | undefined
  restart(ending: Ending): Promise<void>
  /** Starts it when it has ended by itself, and resolves once it can write. */
  revive(): Promise<void>
}

/** Small files, so that a small disk is enough, and sessions of the dead are missed soon. */
const SETTINGS = { max_wal_size: '96MB', min_wal_size: '32MB', shared_buffers: '64MB', max_connections: '150' }

export async function startServer(folder: string): Promise<Server> {
  const directory = join(folder, 'postgres')
  const start = (port: number) => startEmbeddedPostgres({ directory, port, settings: SETTINGS })
  let running: EmbeddedPostgres = await start(0)
  let url = running.url
  let isUp = true

  async function startAgain() {
    await running[Symbol.asyncDispose]()
    running = await start(running.port)
    url = running.url
    isUp = true
  }

  async function kill(signal: NodeJS.Signals) {
    const [pid] = (await readFile(join(directory, 'data', 'postmaster.pid'), 'utf8')).split('\n')
    process.kill(Number(pid), signal)
    while (isAlive(Number(pid))) await pause(20)
  }

  async function canWrite() {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
    client.on('error', () => {})
    try {
      await client.connect()
      await client.query('create temporary table written on commit drop as select 1')
      return true
    } catch {
      return false
    } finally {
      await client.end().catch(() => {})
    }
  }

  return {
    url: () => url,
    port: () => (isUp ? running.port : undefined),
    async restart(ending) {
      isUp = false
      if (ending !== 'fast') await kill(ending === 'crash' ? 'SIGKILL' : 'SIGQUIT')
      await startAgain()
    },
    async revive() {
      if (await canWrite()) return
      isUp = false
      await startAgain()
      while (!(await canWrite())) await pause(200)
    },
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/**
 * The PostgreSQL server of a run: it can be stopped in every way in which servers stop. One that is restarted in order is started again
 * by whoever stopped it; one that dies is brought up by nobody but the product's own supervision (app/embedded/postgres.ts).
 */
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
  /** Resolves once the server takes writes again; does nothing to bring it up. */
  recovered(): Promise<void>
  /** Takes every connection that it has, and lets go of them when told to. */
  exhaust(): Promise<AsyncDisposable>
}

/** Small files, so that a small disk is enough, and sessions of the dead are missed soon. */
const SETTINGS = { max_wal_size: '96MB', min_wal_size: '32MB', shared_buffers: '64MB', max_connections: '150' }

const RECOVERY_PATIENCE_MS = 120_000

export async function startServer(folder: string): Promise<Server> {
  const directory = join(folder, 'postgres')
  const start = (port: number) => startEmbeddedPostgres({ directory, port, settings: SETTINGS })
  let running: EmbeddedPostgres = await start(0)
  let url = running.url
  let isUp = true

  async function startAgain() {
    isUp = false
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

  async function recovered() {
    for (const giveUp = performance.now() + RECOVERY_PATIENCE_MS; !(await canWrite()); await pause(200))
      if (performance.now() > giveUp) throw new Error('PostgreSQL does not come up again by itself')
  }

  return {
    url: () => url,
    port: () => (isUp ? running.port : undefined),
    async restart(ending) {
      if (ending === 'fast') return startAgain()
      await kill(ending === 'crash' ? 'SIGKILL' : 'SIGQUIT')
      await recovered()
    },
    recovered,
    async exhaust() {
      const taken: pg.Client[] = []
      const letGo = async () => void (await Promise.allSettled(taken.map((client) => client.end())))
      for (;;) {
        const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
        client.on('error', () => {})
        const isIn = await client.connect().then(
          () => true,
          () => false,
        )
        if (!isIn) return { [Symbol.asyncDispose]: letGo }
        taken.push(client)
      }
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

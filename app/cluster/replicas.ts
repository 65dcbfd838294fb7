/** Services as processes on one machine: several replicas of each behind a front of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { type ProcessName, serviceNames } from '#contracts'
import { CannotStart } from '#platform/cannot-start'
import { type Config, portOf } from '#platform/config'
import { ANY_PORT, addressVariables } from '../addresses.ts'
import { type Front, startFront } from './front.ts'

export interface Replica {
  readonly service: string
  readonly process: ChildProcess
  /** The replica's own address, not the front's. */
  readonly url: string
}

export interface Replicas extends AsyncDisposable {
  /** The running replicas. */
  running(): readonly Replica[]
  /** The front's address. */
  addressOf(service: string): string
  /** Starts another replica; resolves when it takes traffic. */
  add(service: string): Promise<Replica>
}

export interface ReplicasOptions {
  readonly config: Config
  /** For every process: BUS, PUBSUB_EMULATOR_HOST, DATABASE_URL and the like. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Replicas of each service. */
  readonly count: number
  /** Replicas of the gateway; default: none. */
  readonly gateways?: number
  /** Called when a process ends unasked. */
  readonly onDeath?: (replica: Replica, code: number | string | null) => void
}

/** Resolves when every replica takes traffic. Disposing of it ends them all, by SIGTERM. */
export async function startReplicas({
  config,
  environment,
  count,
  gateways = 0,
  onDeath,
}: ReplicasOptions): Promise<Replicas> {
  const fronts = new Map<string, Front>()
  const running = new Set<Replica>()
  const children = new Set<ChildProcess>() // including those that are still starting
  let stopping = false
  const endAll = () => {
    stopping = true
    for (const child of children) child.kill('SIGTERM')
  }
  process.once('exit', endAll)

  const counts = new Map<ProcessName, number>(serviceNames.map((name) => [name, count]))
  if (gateways > 0) counts.set('gateway', gateways)
  for (const name of counts.keys()) {
    const urls = () => [...running].filter(({ service }) => service === name).map(({ url }) => url)
    fronts.set(name, await startFront(portOf(config, name), urls))
  }
  const addressOf = (service: string) => {
    const front = fronts.get(service)
    if (!front) throw new Error(`${service} has no front`)
    return front.url
  }
  const own = { ...environment, ...ANY_PORT, ...addressVariables(addressOf) }

  async function add(service: string): Promise<Replica> {
    const child = spawnService(service, own)
    children.add(child)
    child.once('exit', () => children.delete(child))
    const replica = { service, process: child, url: await addressOfStarted(service, child) }
    running.add(replica)
    replica.process.once('exit', (code, signal) => {
      running.delete(replica)
      if (!stopping) onDeath?.(replica, code ?? signal)
    })
    return replica
  }

  const wanted = [...counts].flatMap(([name, of]) => Array.from({ length: of }, () => name))
  await Promise.all(wanted.map(add)).catch((error) => {
    endAll()
    throw error
  })
  return {
    running: () => [...running],
    addressOf,
    add,
    async [Symbol.asyncDispose]() {
      stopping = true
      await Promise.all([...running].map((replica) => end(replica, 'SIGTERM')))
      endAll()
      process.removeListener('exit', endAll)
      for (const front of fronts.values()) front[Symbol.dispose]()
    },
  }
}

/** Resolves when the process has ended. */
export async function end({ process: child }: Replica, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}

const spawnService = (service: string, environment: NodeJS.ProcessEnv) =>
  spawn(process.execPath, [new URL('../service.ts', import.meta.url).pathname, service], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: environment,
  })

/** Resolves when it takes traffic; rejects when it ends before. */
function addressOfStarted(service: string, child: ReturnType<typeof spawnService>): Promise<string> {
  const lines = createInterface({ input: child.stdout })
  const url = new Promise<string>((resolve) => {
    lines.on('line', (line) => {
      const [, found] = / is running at (\S+)$/.exec(line) ?? []
      if (found) resolve(found)
      else console.log(line)
    })
  })
  const died = once(child, 'exit').then(([code, signal]) => {
    throw new CannotStart(`${service} ended at its start (${code ?? signal})`)
  })
  died.catch(() => {})
  return Promise.race([url, died])
}

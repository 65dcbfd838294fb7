/**
 * The system of a run: PostgreSQL, the bus and the services as real processes. A line that can be disturbed lies in front of each
 * service, and another between the service and PostgreSQL.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serviceNames } from '#contracts'
import { openKeyring } from '#platform/tokens/local-issuer'
import { ANY_PORT, addressVariables } from '../../app/addresses.ts'
import { freePort, type PubsubEmulator, startPubsubEmulator } from '../../app/cluster/pubsub-emulator.ts'
import type { Signer } from '../fixtures/system.ts'
import type { Random } from '../simulation/random.ts'
import { type Minder, mind } from './minder.ts'
import type { Place } from './reckoning.ts'
import { type Server, startServer } from './server.ts'
import { mountSmallDisk, type SmallDisk } from './small-disk.ts'
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts'

export type BusKind = 'embedded' | 'pubsub'

export interface Ground extends AsyncDisposable {
  readonly bus: BusKind
  /** One for each process: for each service, or one for all of them. */
  readonly minders: readonly Minder[]
  readonly server: Server
  /** To services, to PostgreSQL and to Pub/Sub, by the names of both ends. */
  readonly lines: ReadonlyMap<string, TcpProxy>
  /** Absent when no small disk can be made. */
  readonly disk: SmallDisk | undefined
  /** Absent on the embedded bus. */
  readonly restartEmulator: (() => Promise<void>) | undefined
  /** By how many milliseconds a process's clock is wrong; absent when it is right. */
  readonly shifts: ReadonlyMap<string, number>
  /** Processes that ended although nobody had killed them. */
  readonly ownDeaths: readonly string[]
  /** Whether every service takes traffic, as far as its process says. */
  isWorking(): boolean
  /** Where the books lie. */
  place(): Place
  /** The door of a service, through its line. */
  addressOf(service: string): string
  readonly as: Signer
  readonly webhookSecret: string
}

/** In seconds. */
export interface Times {
  /** The time-out of a step, longer than a killed service is away: some purchases are completed, others are given up. */
  readonly step: number
  /** The life of an unpaid code: short, so that some expire during the storm. */
  readonly code: number
}

const DISK_MEBIBYTES = 600
/** As when a machine slept, or somebody set its time: beyond the life of a token that services show each other. */
const CLOCK_JUMP_MS = 20 * 60_000
const WEBHOOK_SECRET = 'of-a-chaos-run-and-nothing-else'

export async function openGround(bus: BusKind, times: Times, random: Random): Promise<Ground> {
  await using opened = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'mercado-veiculo-chaos-'))
  opened.defer(() => rm(folder, { recursive: true, force: true }))
  const diskFolder = join(folder, 'disk')
  await mkdir(diskFolder)
  const disk = await mountSmallDisk(diskFolder, DISK_MEBIBYTES)
  if (disk) opened.use(disk)
  const server = opened.use(await startServer(diskFolder))
  const emulator = bus === 'pubsub' ? await openEmulator(opened) : undefined
  const names = serviceNames
  const programs = bus === 'pubsub' ? names : ['system']
  const shifts = wrongClocks(programs, random)

  const ports = new Map<string, number>()
  const lines = new Map<string, TcpProxy>()
  for (const name of names) lines.set(`door of ${name}`, opened.use(await startTcpProxy(() => ports.get(name))))
  for (const name of programs) {
    lines.set(`${name} to PostgreSQL`, opened.use(await startTcpProxy(server.port)))
    if (emulator) lines.set(`${name} to Pub/Sub`, opened.use(await startTcpProxy(() => emulator.port)))
  }
  const portOf = (line: string) => lines.get(line)?.port ?? 0
  const addressOf = (service: string) => `http://127.0.0.1:${portOf(`door of ${service}`)}`

  const ownDeaths: string[] = []
  const minders = programs.map((name) => {
    const url = new URL(server.url())
    url.port = String(portOf(`${name} to PostgreSQL`))
    const environment = {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      ...COMMON,
      SAGA_STEP_TIMEOUT_SECONDS: String(times.step),
      PAYMENT_CODE_TTL_SECONDS: String(times.code),
      DATA_DIR: folder,
      DATABASE_URL: url.href,
      PAYMENT_WEBHOOK_SECRETS: WEBHOOK_SECRET,
      CLOCK_SHIFT_MS: String(shifts.get(name) ?? 0),
      CLOCK_JUMP_MS: String((random.chance(50) ? 1 : -1) * CLOCK_JUMP_MS),
      ...(emulator && {
        BUS: 'pubsub',
        PUBSUB_EMULATOR_HOST: `127.0.0.1:${portOf(`${name} to Pub/Sub`)}`,
        ...addressVariables(addressOf),
      }),
    }
    return opened.use(
      mind({
        name,
        args: ['--import', fileOf('./shifted-clock.ts'), ...programOf(name)],
        environment,
        rest: () => random.int(800),
        onEnd(how) {
          for (const service of bus === 'pubsub' ? [name] : names) ports.delete(service)
          if (how) ownDeaths.push(`${name} ended by itself, ${how}`)
        },
        onLine(line) {
          const [, service, port] = LISTENS.exec(line) ?? []
          if (service) ports.set(service, Number(port))
        },
      }),
    )
  })

  const keyring = await openKeyring(folder)
  const rest = opened.move()
  return {
    bus,
    minders,
    server,
    lines,
    disk,
    restartEmulator: emulator?.restart,
    shifts,
    ownDeaths,
    isWorking: () => names.every((name) => ports.has(name)),
    place: () => ({ url: server.url() }),
    addressOf,
    as: async (caller) => ({ authorization: `Bearer ${await keyring.sign(caller)}` }),
    webhookSecret: WEBHOOK_SECRET,
    [Symbol.asyncDispose]: () => rest.disposeAsync(),
  }
}

const COMMON = {
  LOG_LEVEL: 'fatal',
  DATABASE_POOL_SIZE: '8',
  ...ANY_PORT,
  RATE_LIMIT_GUESSES: '0',
  RATE_LIMIT_LOOKUPS: '0',
  RATE_LIMIT_PER_IDENTITY: '0',
  RATE_LIMIT_PURCHASES: '0',
  PAGES: 'false',
}

/** As app/service.ts says it, and as app/main.ts does. */
const LISTENS = /^\s*(\S+) +(?:is running at )?http:\/\/127\.0\.0\.1:(\d+)/

const fileOf = (path: string) => new URL(path, import.meta.url).pathname

const programOf = (name: string) =>
  name === 'system' ? [fileOf('../../app/main.ts')] : [fileOf('../../app/service.ts'), name]

/** Of two processes, one clock is minutes ahead and one behind; a lone process differs from PostgreSQL's clock in either direction. */
function wrongClocks(programs: readonly string[], random: Random): Map<string, number> {
  const sign = random.chance(50) ? 1 : -1
  const minutes = () => sign * 60_000 * (2 + random.int(3))
  const [first = '', second] = [...programs].sort(() => random.int(3) - 1)
  return new Map([[first, minutes()], ...(second ? [[second, -minutes()] as const] : [])])
}

/** It keeps its port, and forgets all topics, subscriptions and messages. */
async function openEmulator(opened: AsyncDisposableStack) {
  const port = await freePort()
  let running: PubsubEmulator = await startPubsubEmulator({ port })
  opened.defer(() => running[Symbol.asyncDispose]())
  return {
    port,
    async restart() {
      await running[Symbol.asyncDispose]()
      running = await startPubsubEmulator({ port })
    },
  }
}

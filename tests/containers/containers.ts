/** Processes in an image's file system, each isolated like a container, for machines without an engine. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Type } from 'typebox'
import { Value } from 'typebox/value'

const execute = promisify(execFile)
const RUN = new URL('./run-image.sh', import.meta.url).pathname

const ImageConfig = Type.Object({
  User: Type.String(),
  Env: Type.Array(Type.String()),
  WorkingDir: Type.String(),
  Entrypoint: Type.Array(Type.String()),
  Cmd: Type.Array(Type.String()),
  Healthcheck: Type.Object({ Test: Type.Array(Type.String()) }),
})

/** From infrastructure/containers/prove.sh; undefined when that did not start the test. */
export function givenImage() {
  const { IMAGE_ROOT: root, IMAGE_CONFIG: text } = process.env
  return root && text ? { root, config: Value.Parse(ImageConfig, JSON.parse(text)) } : undefined
}
export type Image = NonNullable<ReturnType<typeof givenImage>>

export interface Container {
  /** What it has written so far, to both outputs. */
  output(): string
  /** Runs a command beside the first process, as `docker exec` does; resolves with its exit code and what it wrote. */
  exec(command: readonly string[]): Promise<{ readonly code: number; readonly output: string }>
  /** Sends SIGTERM to the first process, as `docker stop` does. */
  stop(): Promise<void>
  /** The exit code of the first process. */
  readonly ended: Promise<number | null>
}

export interface ContainerOptions {
  /** A folder that becomes /data. */
  readonly volume: string
  /** A file that becomes /etc/hosts. */
  readonly hosts: string
  /** Over the image's own. */
  readonly environment: Readonly<Record<string, string>>
}

export function run(
  { root, config }: Image,
  command: readonly string[],
  { volume, hosts, environment }: ContainerOptions,
): Container {
  const [user = '', group = ''] = config.User.split(':')
  const env = { ...Object.fromEntries(config.Env.map((line) => line.split(/=(.*)/s))), ...environment }
  const child = spawn(RUN, [root, user, group, volume, hosts, ...config.Entrypoint, ...command], { env })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const ended = once(child, 'close').then(([code]) => code as number | null)

  return {
    output: () => output,
    ended,
    async exec(words) {
      const inside = ['--target', await firstProcess(child), '--mount', '--pid', '--root', '--wd', '--']
      const asUser = [
        'setpriv',
        `--reuid=${user}`,
        `--regid=${group}`,
        '--clear-groups',
        '--no-new-privs',
        '--',
        ...words,
      ]
      try {
        const { stdout, stderr } = await execute('nsenter', [...inside, ...asUser], { env })
        return { code: 0, output: stdout + stderr }
      } catch (error) {
        const { code, stdout = '', stderr = '' } = error as { code?: number; stdout?: string; stderr?: string }
        return { code: code ?? -1, output: stdout + stderr }
      }
    },
    async stop() {
      process.kill(Number(await firstProcess(child)), 'SIGTERM')
    },
  }
}

/** The only child of `unshare`, seen from outside. */
async function firstProcess({ pid }: ChildProcess): Promise<string> {
  for (let tried = 0; tried < 100; tried += 1) {
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
    const [first] = children.trim().split(' ')
    if (first) return first
    await pause(50)
  }
  throw new Error('the container has no first process')
}

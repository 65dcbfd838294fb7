/** Google's Pub/Sub emulator, from the Cloud SDK of this machine, as a process of our own: for development and tests. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, globSync, realpathSync } from 'node:fs'
import { createServer } from 'node:net'
import { delimiter, dirname, join } from 'node:path'
import { CannotStart } from '#platform/cannot-start'

export interface PubsubEmulator extends AsyncDisposable {
  /** As PUBSUB_EMULATOR_HOST wants it: `127.0.0.1:8085`. */
  readonly host: string
}

/** The emulator's archive, or undefined when the SDK (or Java, which it needs) is not installed here. */
export function findPubsubEmulator(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  if (!folders.some((folder) => existsSync(join(folder, 'java')))) return undefined
  const commands = folders.map((folder) => join(folder, 'gcloud')).filter((command) => existsSync(command))
  return commands
    .flatMap((command) => {
      const sdk = join(dirname(realpathSync(command)), '..')
      return globSync(join(sdk, 'platform/pubsub-emulator/lib/cloud-pubsub-emulator-*-all.jar'))
    })
    .at(0)
}

/**
 * Resolves when it takes requests. It keeps all topics and messages in memory, and loses them when it stops. It is run like
 * `gcloud beta emulators pubsub start` runs it, but without the shell scripts in between, which would survive it.
 * `port` 0 or absent: a free one.
 */
export async function startPubsubEmulator({ port = 0 } = {}): Promise<PubsubEmulator> {
  const archive = findPubsubEmulator()
  if (!archive)
    throw new CannotStart(
      "Google's Pub/Sub emulator is not on this machine: install it with `gcloud components install pubsub-emulator` and Java, or name one that runs by PUBSUB_EMULATOR_HOST",
    )
  const bound = port || (await freePort())
  const flags = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xss512k']
  const child = spawn('java', [...flags, '-jar', archive, '--host=127.0.0.1', `--port=${bound}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const endWithUs = () => void child.kill('SIGKILL')
  process.once('exit', endWithUs)
  const ended = once(child, 'exit')
  let output = ''
  const started = new Promise<void>((resolve) => {
    const hear = (chunk: Buffer) => {
      if (output.length < 10_000) output += chunk
      if (output.includes('Server started')) resolve()
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
  })
  await Promise.race([
    started,
    ended.then(([code]) => {
      throw new CannotStart(`the Pub/Sub emulator ended with code ${code}:\n${output}`)
    }),
  ])
  return {
    host: `127.0.0.1:${bound}`,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL') // it has nothing to finish, and on SIGTERM it would wait for its clients
      await ended
      process.removeListener('exit', endWithUs)
    },
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}

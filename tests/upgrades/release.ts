/** A process of this release or the next: the whole system on the embedded bus, or one service on Pub/Sub. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { ANY_PORT } from '../../app/addresses.ts'

export type Release = 'this' | 'next'

export interface Running {
  /** The address of a service that runs in it. */
  addressOf(service: string): string
  /** Resolves when it has ended. */
  stop(): Promise<void>
}

const fileOf = (path: string) => new URL(path, import.meta.url).pathname
/** As app/service.ts says it, and as app/main.ts does. */
const LISTENS = /^\s*(\S+) +(?:is running at )?(http:\/\/127\.0\.0\.1:\d+)/
const LAST_WORDS = 'Ctrl+C'

/** Resolves when it takes traffic. `service` absent: all of them. */
export async function startRelease(
  release: Release,
  environment: NodeJS.ProcessEnv,
  service?: string,
): Promise<Running> {
  const program = service ? [fileOf('../../app/service.ts'), service] : [fileOf('../../app/main.ts')]
  const overlay = release === 'next' ? ['--import', fileOf('./next-release.ts')] : []
  const child = spawn(process.execPath, [...overlay, ...program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...ANY_PORT, LOG_LEVEL: 'fatal', PAGES: 'false', ...environment },
  })
  const endWithUs = () => void child.kill('SIGKILL')
  process.once('exit', endWithUs)
  const ended = once(child, 'exit').finally(() => process.removeListener('exit', endWithUs))
  const addresses = new Map<string, string>()
  const isUp = new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [, name, url] = LISTENS.exec(line) ?? []
      if (name && url) addresses.set(name, url)
      if (service ? name === service : line.startsWith(LAST_WORDS)) resolve()
    })
  })
  const died = ended.then(([code, signal]) => {
    throw new Error(`the ${release} release ended at its start (${code ?? signal})`)
  })
  died.catch(() => {})
  await Promise.race([isUp, died])
  return {
    addressOf: (name) => addresses.get(name) ?? '',
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

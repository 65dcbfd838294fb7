/**
 * Runs the pages as a child process, so that rendering does not slow the sagas. It ends with this process. Its main program is
 * started by its path, as a person would start it: nothing here knows its inside.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Config } from '#platform/config'
import { freePort } from './free-port.ts'

export interface Pages extends AsyncDisposable {
  /** Resolves when pages are served; rejects when they cannot be. */
  readonly listening: Promise<void>
}

const MAIN = fileURLToPath(new URL('../../web/main.ts', import.meta.url))
/** After this time the event streams of open pages are cut. */
const STOP_WITHIN_MS = 5_000

/** The configured port; a standard port that is taken is replaced by a free one. */
export const portOfPages = async (config: Config, environment: Environment): Promise<number> =>
  environment.PORT_WEB && config.PORT_WEB !== 0 ? config.PORT_WEB : freePort(config.PORT_WEB, config.HOST)

type Environment = Readonly<Record<string, string | undefined>>

/** `environment` of this process: the pages read the same configuration. */
export function startPages(port: number, environment: Environment): Pages {
  const env = { ...environment, PORT_WEB: String(port) }
  const child = fork(MAIN, { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  return {
    listening: untilListening(child),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS)
      await ended
      clearTimeout(late)
    },
  }
}

async function untilListening(child: ChildProcess): Promise<void> {
  const [told] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as readonly unknown[]
  if (told !== 'listening') throw new Error('the pages did not start: see above')
}

/** Minds one program: starts it, and starts it again each time it ends, until told to stop. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'

export interface Minder extends AsyncDisposable {
  readonly name: string
  /** By SIGKILL; false when there is nothing to kill at the moment. */
  kill(): boolean
  /** Sends another signal; false when there is nobody to send it to. */
  signal(signal: NodeJS.Signals): boolean
}

export interface MinderOptions {
  readonly name: string
  readonly args: readonly string[]
  readonly environment: NodeJS.ProcessEnv
  /** Milliseconds until the next start after an end. */
  readonly rest: () => number
  /** It ended; `how` tells the way when nobody had killed it. */
  readonly onEnd: (how?: string) => void
  /** Each line that it prints. */
  readonly onLine?: (line: string) => void
}

const LINES_KEPT = 20

export function mind({ name, args, environment, rest, onEnd, onLine }: MinderOptions): Minder {
  let child: ChildProcess | undefined
  let killed = false
  let stopping = false
  const stopped = new AbortController()
  const endWithUs = () => void child?.kill('SIGKILL')
  process.once('exit', endWithUs)
  const minding = keepRunning()

  async function keepRunning() {
    while (!stopping) {
      killed = false
      const [code, signal, words] = await run()
      onEnd(killed || stopping ? undefined : `${signal ?? `code ${code}`}: ${words}`)
      await pause(rest(), undefined, { signal: stopped.signal }).catch(() => {})
    }
  }

  async function run() {
    child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: environment })
    const said: string[] = []
    for (const output of [child.stdout, child.stderr])
      output?.on('data', (piece) => {
        for (const line of String(piece).split('\n').filter(Boolean)) {
          onLine?.(line)
          said.push(line)
        }
        said.splice(0, Math.max(0, said.length - LINES_KEPT))
      })
    const [code, signal] = await once(child, 'exit')
    child = undefined
    return [code, signal, said.join('\n')] as const
  }

  return {
    name,
    kill() {
      if (!child || killed) return false
      killed = true
      return child.kill('SIGKILL')
    },
    signal: (signal) => child !== undefined && !killed && child.kill(signal),
    async [Symbol.asyncDispose]() {
      stopping = true
      child?.kill('SIGCONT')
      stopped.abort()
      child?.kill('SIGTERM')
      await minding
      process.removeListener('exit', endWithUs)
    },
  }
}

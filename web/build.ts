/** Builds the pages when their sources have changed since the last build, and says so. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('..', import.meta.url))
const BUILD = `${ROOT}web/build`
const LOCK = `${ROOT}web/.building`
const SOURCES = ['web/**/*.{ts,tsx,css,svg,txt,webmanifest,png,json}', 'clients/typescript/*.ts', 'contracts/**/*.ts']
const TOOL = 'node_modules/@react-router/dev/bin.cjs'

/** A container image has the built pages and no build tools: there the build must be up to date. */
export async function buildIfChanged(say: (line: string) => void): Promise<void> {
  const now = fingerprint()
  if (existsSync(`${BUILD}/server/index.js`) && markOf() === now) return
  if (!existsSync(`${ROOT}${TOOL}`)) {
    if (existsSync(`${BUILD}/server/index.js`)) return
    throw new Error('the pages are not built, and what builds them is not installed: npm ci')
  }
  using _alone = await lock()
  if (existsSync(`${BUILD}/server/index.js`) && markOf() === now) return // another process has built them meanwhile
  const began = performance.now()
  say('building the pages, because their sources have changed')
  await build()
  writeFileSync(`${BUILD}/sources.txt`, now)
  say(`built the pages in ${((performance.now() - began) / 1_000).toFixed(1)} s`)
}

/** One process builds at a time. The lock names its process, so that a dead one holds nobody up. */
async function lock(): Promise<Disposable> {
  for (;;) {
    try {
      writeFileSync(LOCK, String(process.pid), { flag: 'wx' })
      return { [Symbol.dispose]: () => rmSync(LOCK, { force: true }) }
    } catch {
      const holder = existsSync(LOCK) ? Number(readFileSync(LOCK, 'utf8')) : 0
      if (holder === 0) continue // it has just been given back
      if (!isAlive(holder)) rmSync(LOCK, { force: true })
      else await pause(100)
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0) // asks, and does nothing
    return true
  } catch {
    return false
  }
}

function build(): Promise<void> {
  const tool = spawn(process.execPath, [`${ROOT}${TOOL}`, 'build', 'web'], {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  tool.stdout.on('data', (piece) => (said += piece))
  tool.stderr.on('data', (piece) => (said += piece))
  return new Promise((resolve, reject) => {
    tool.once('error', reject)
    tool.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`the pages could not be built:\n${said}`))))
  })
}

const markOf = () => (existsSync(`${BUILD}/sources.txt`) ? readFileSync(`${BUILD}/sources.txt`, 'utf8') : '')

function fingerprint(): string {
  const hash = createHash('sha256')
  const files = SOURCES.flatMap((pattern) => globSync(pattern, { cwd: ROOT })).filter(
    (file) => !file.startsWith('web/build/'),
  )
  for (const file of files.sort())
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(`${ROOT}${file}`))
      .update('\0')
  return hash.update(readFileSync(`${ROOT}package.json`)).digest('hex')
}

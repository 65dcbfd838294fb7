/**
 * Puts a backup of base-backup.ts in the place of DATA_DIR's server. Existing data is moved aside, never deleted. Nothing is moved
 * before the hash of every file of the backup matches its manifest.
 */
import { createHash } from 'node:crypto'
import fs from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { Client } from 'pg'
import { CannotStart } from '#platform/cannot-start'
import { readOwn } from '#platform/own-file'
import { connectToEmbeddedPostgres, startEmbeddedPostgres } from '../embedded/postgres.ts'
import {
  ANCHORS,
  addErasures,
  copyFile,
  ERASURES,
  exists,
  keyFiles,
  linesOf,
  type Manifest,
  manyAtOnce,
  piecesOf,
} from './base-backup.ts'

export interface RestoreOptions {
  readonly dataDirectory: string
  /** The backup's folder. */
  readonly from: string
  /** Moves existing data aside; without it, existing data is a reason to refuse. */
  readonly replace: boolean
  readonly now: () => Date
}

export interface Restored {
  readonly manifest: Manifest
  /** Where the previous data lies now. */
  readonly aside?: string
}

/** Resolves once the restored server was started, has recovered to the backup's moment, and was stopped again. */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const home = resolve(options.dataDirectory)
  const server = join(home, 'postgres')
  const manifest = await verifyBackup(options.from)
  if (await isRunning(server)) throw new CannotStart(`the system runs on ${options.dataDirectory}: stop it first`)
  const isTaken = await exists(join(server, 'data'))
  if (isTaken && !options.replace)
    throw new CannotStart(`${options.dataDirectory} holds data: --replace moves it aside, or set another DATA_DIR`)

  const arriving = join(home, `postgres.restoring-${process.pid}`)
  await fs.mkdir(home, { recursive: true, mode: 0o700 })
  await fs.cp(join(options.from, 'postgres'), arriving, { recursive: true })
  await fs.chmod(join(arriving, 'data'), 0o700)
  const keys = manifest.files
    .filter(({ path }) => path.startsWith('keys/'))
    .map(({ path }) => path.slice('keys/'.length))
    .filter((path) => !path.startsWith(`${ANCHORS}/`))
  const aside = isTaken ? await moveAside(home, keys, options.now()) : undefined
  for (const key of keys) await copyFile(join(options.from, 'keys', key), join(home, key))
  // before the data is put in place: an interruption here leaves nothing that could be started without these files
  await outliveRestore(home, options.from, manifest.until, options.now())
  await fs.rename(arriving, server)

  await using started = await startEmbeddedPostgres({ directory: server, port: 0 })
  await expectDatabases(started.url, manifest.databases)
  return { manifest, ...(aside && { aside }) }
}

/** The manifest; rejects with the file's name when a file is missing or differs from the saved one. */
export async function verifyBackup(folder: string): Promise<Manifest> {
  const manifest = readOwn({
    path: join(folder, 'manifest.json'),
    what: 'the manifest of the backup',
    advice: 'Restore another backup',
    parse: (text) => {
      const found = JSON.parse(text) as Partial<Manifest>
      return Array.isArray(found.files) && found.format !== undefined ? (found as Manifest) : undefined
    },
  })
  if (!manifest) throw new CannotStart(`${folder} is no whole backup: it has no manifest.json`)
  if (manifest.format !== 1) throw new CannotStart(`${folder} is of a later version (format ${manifest.format})`)
  await manyAtOnce(manifest.files, async ({ path, bytes, sha256 }) => {
    const found = await fs.stat(join(folder, path)).catch(() => undefined)
    if (!found) throw new CannotStart(`the backup is damaged: ${path} is missing`)
    if (found.size !== bytes || (await hashOf(join(folder, path))) !== sha256)
      throw new CannotStart(`the backup is damaged: ${path} is not what was saved`)
  })
  return manifest
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  await using file = await fs.open(path)
  for await (const piece of piecesOf(file)) hash.update(piece)
  return hash.digest('hex')
}

async function isRunning(server: string): Promise<boolean> {
  if (!(await exists(join(server, 'data')))) return false
  const session = await connectToEmbeddedPostgres(server)
  await session?.end()
  return session !== undefined
}

/**
 * The files outside the databases: no backup sets them back. Heads of chains that the restored databases never had are moved aside,
 * older ones stay. The next start erases again everybody on any list of erasures: DATA_DIR's, the backup's, and the one beside the
 * backups.
 */
async function outliveRestore(home: string, from: string, until: string, now: Date): Promise<void> {
  const [anchors, saved] = [join(home, ANCHORS), join(from, 'keys', ANCHORS)]
  await fs.mkdir(anchors, { recursive: true, mode: 0o700 })
  const stamp = now.toISOString().replaceAll(':', '-')
  for (const name of new Set([...(await namesIn(anchors)), ...(await namesIn(saved))])) {
    if (!name.endsWith('.jsonl') || name === ERASURES) continue
    const isHere = await exists(join(anchors, name))
    const heads = await linesOf(join(isHere ? anchors : saved, name))
    if (isHere) await fs.rename(join(anchors, name), join(anchors, `${name}.before-restore-${stamp}`))
    const older = heads.filter((line) => isOfBefore(line, until))
    await fs.writeFile(join(anchors, name), older.map((line) => `${line}\n`).join(''), { mode: 0o600, flush: true })
  }
  await addErasures(join(anchors, ERASURES), join(saved, ERASURES), join(dirname(resolve(from)), ERASURES))
}

const namesIn = (folder: string) => fs.readdir(folder).catch(() => [])

/** A signature, and the line that it signs; a line that is none is kept, for `verify` to tell of it. */
function isOfBefore(line: string, until: string): boolean {
  const [, at] = /"at":"([^"]+)"/.exec(line) ?? []
  return at === undefined || Date.parse(at) <= Date.parse(until)
}

async function moveAside(home: string, keys: readonly string[], now: Date): Promise<string> {
  const aside = join(home, `before-restore-${now.toISOString().replaceAll(':', '-')}`)
  await fs.mkdir(aside, { mode: 0o700 })
  await fs.rename(join(home, 'postgres'), join(aside, 'postgres'))
  const present = new Set(await keyFiles(home))
  for (const key of keys) if (present.has(key)) await copyFile(join(home, key), join(aside, key))
  return aside
}

async function expectDatabases(url: string, expected: readonly string[]) {
  const session = new Client({ connectionString: url })
  await session.connect()
  const { rows } = await session.query<{ name: string }>(`select datname as name from pg_database`)
  await session.end()
  const there = new Set(rows.map(({ name }) => name))
  const missing = expected.filter((name) => !there.has(name))
  if (missing.length > 0) throw new CannotStart(`the restored server lacks ${missing.join(', ')}`)
}

/**
 * A backup of the embedded server while it works. It holds all databases as of one moment, by PostgreSQL's low-level base backup
 * (manual, "Continuous Archiving", section "Making a Base Backup Using the Low Level API"), the write-ahead log that makes them
 * consistent, and the keys beside the server, without which sealed data cannot be read.
 *
 * A backup is a folder: `postgres/` (the cluster), `keys/` (the other files of DATA_DIR, photos among them), `manifest.json` (written last).
 */
import { createHash } from 'node:crypto'
import fs from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import type { Client } from 'pg'
import { CannotStart } from '#platform/cannot-start'
import { connectToEmbeddedPostgres, startEmbeddedPostgres } from '../embedded/postgres.ts'

export interface Manifest {
  readonly format: 1
  /** When the copy began, and when it was complete: a restore brings back the state of `until`. */
  readonly since: string
  readonly until: string
  readonly server_version: string
  readonly wal: { readonly from: string; readonly to: string }
  readonly databases: readonly string[]
  readonly files: readonly FileEntry[]
}

interface FileEntry {
  readonly path: string
  readonly bytes: number
  readonly sha256: string
}

export interface BackupOptions {
  /** DATA_DIR of the system, whether it runs or not. */
  readonly dataDirectory: string
  /** The backup becomes a new folder in this one, named after its time. */
  readonly into: string
  /** Leaves out DATA_DIR's key files, for people who keep them elsewhere. */
  readonly withoutKeys?: boolean
  readonly now: () => Date
}

/** Resolves with the folder and its manifest. Purchases go on meanwhile; an interrupted backup leaves only an `.unfinished` folder. */
export async function takeBackup(options: BackupOptions): Promise<{ folder: string; manifest: Manifest }> {
  const server = join(resolve(options.dataDirectory), 'postgres')
  if (!(await exists(join(server, 'data'))))
    throw new CannotStart(`there is no embedded server in ${options.dataDirectory}`)
  const since = options.now()
  const folder = join(resolve(options.into), since.toISOString().replaceAll(':', '-'))
  const unfinished = `${folder}.unfinished`
  await fs.mkdir(unfinished, { recursive: true, mode: 0o700 })

  await using stack = new AsyncDisposableStack()
  const session = await sessionOn(server, stack)
  const copied = await copyCluster(session, server, join(unfinished, 'postgres'))
  const keys = await copyBeside(options.dataDirectory, join(unfinished, 'keys'), options.withoutKeys ?? false)
  const manifest: Manifest = {
    format: 1,
    since: since.toISOString(),
    until: copied.until.toISOString(),
    server_version: copied.server_version,
    wal: copied.wal,
    databases: copied.databases,
    files: [...prefixed('postgres', copied.files), ...prefixed('keys', keys)],
  }
  await fs.writeFile(join(unfinished, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`, {
    mode: 0o600,
    flush: true,
  })
  await fs.rename(unfinished, folder)
  await keepBeside(options.dataDirectory, resolve(options.into))
  return { folder, manifest }
}

/** The signed list of erasures (services/cliente-service/rights/erasure-list.ts). */
export const ERASURES = 'erasures.jsonl'

/** The folder in DATA_DIR of what is kept outside the databases. */
export const ANCHORS = 'anchors'

/** Stored beside the backups too, not only inside one, so that a restore of an older backup still finds the newest list. */
const keepBeside = (dataDirectory: string, backups: string): Promise<void> =>
  addErasures(join(backups, ERASURES), join(dataDirectory, ANCHORS, ERASURES))

/** Adds what the other lists have more. A list only grows: one that was cut off, or is an older copy, takes nothing from another. */
export async function addErasures(list: string, ...others: readonly string[]): Promise<void> {
  const known = new Set(await linesOf(list))
  const more = new Set((await Promise.all(others.map(linesOf))).flat().filter((line) => !known.has(line)))
  if (more.size === 0) return
  // from a line of their own on, also where the last one was cut off
  await fs.appendFile(list, `\n${[...more].join('\n')}\n`, { mode: 0o600, flush: true })
}

export async function linesOf(path: string): Promise<string[]> {
  const text = await fs.readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  return text.split('\n').filter((line) => line !== '')
}

/** Deletes all complete backups in `folder` except the newest `keep`; resolves with the deleted names. */
export async function deleteOlder(folder: string, keep: number): Promise<string[]> {
  const names = (await fs.readdir(folder)).filter((name) => /^\d{4}-\d\d-\d\dT[\d-]+\.\d{3}Z$/.test(name)).sort()
  const older = names.slice(0, Math.max(names.length - keep, 0))
  for (const name of older) await fs.rm(join(folder, name), { recursive: true })
  return older
}

/** Copies a file, and resolves with the size and hash of what was read. Rejects with ENOENT when it is gone. */
export async function copyFile(from: string, to: string): Promise<Omit<FileEntry, 'path'>> {
  const hash = createHash('sha256')
  let bytes = 0
  await using source = await fs.open(from)
  await fs.mkdir(dirname(to), { recursive: true, mode: 0o700 })
  await using target = await fs.open(to, 'w', 0o600)
  for await (const piece of piecesOf(source)) {
    bytes += piece.length
    hash.update(piece)
    await target.writeFile(piece)
  }
  await target.sync()
  return { bytes, sha256: hash.digest('hex') }
}

/** One after the other in the same memory: a stream for each of thousands of small files costs more than reading them. */
export async function* piecesOf(file: fs.FileHandle): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafe(1 << 16)
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length)
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
  }
}

/** The keys: everything in DATA_DIR except the server, its log and backups. */
export async function keyFiles(dataDirectory: string): Promise<string[]> {
  const entries = await fs.readdir(dataDirectory, { withFileTypes: true })
  const mine = entries.filter(({ name }) => !/^(postgres|backups|before-restore|pubsub)/.test(name))
  const found: string[] = []
  for (const entry of mine) {
    if (entry.isFile()) found.push(entry.name)
    if (!entry.isDirectory()) continue
    const inside = await fs.readdir(join(dataDirectory, entry.name), { recursive: true, withFileTypes: true })
    found.push(
      ...inside.filter((one) => one.isFile()).map((one) => relative(dataDirectory, join(one.parentPath, one.name))),
    )
  }
  return found
}

/** Thousands of small files are mostly waiting time, so sixteen are copied at once. */
export async function manyAtOnce<Item>(items: readonly Item[], work: (item: Item) => Promise<void> | undefined) {
  const iterator = items.values()
  const worker = async () => {
    for (const item of iterator) await work(item)
  }
  await Promise.all(Array.from({ length: 16 }, worker))
}

export const exists = (path: string) =>
  fs.access(path).then(
    () => true,
    () => false,
  )

/** Works on the running server, or on one that runs until `stack` is disposed of. */
async function sessionOn(directory: string, stack: AsyncDisposableStack): Promise<Client> {
  if (!(await connectToEmbeddedPostgres(directory).then(endAtOnce))) {
    stack.use(await startEmbeddedPostgres({ directory, port: 0 }))
  }
  const session = await connectToEmbeddedPostgres(directory)
  if (!session) throw new CannotStart('the embedded server stopped as the backup began; try again')
  stack.defer(() => session.end())
  return session
}

async function endAtOnce(session: Client | undefined): Promise<boolean> {
  await session?.end()
  return session !== undefined
}

async function copyCluster(session: Client, from: string, to: string) {
  const one = async (sql: string, values: unknown[] = []) => (await session.query(sql, values)).rows[0]
  // Keeps the log's segments from the start on, until this session ends.
  await one(`select pg_create_physical_replication_slot($1, true, true)`, [`backup_${process.pid}`])
  const { wal_from } = await one(`select pg_backup_start('mercado-veiculo', fast => true)::text as wal_from`)
  const files: FileEntry[] = []
  const copy = async (path: string) => {
    const entry = await copyFile(join(from, path), join(to, path)).catch((fault: NodeJS.ErrnoException) => {
      if (fault.code !== 'ENOENT') throw fault // the table was dropped meanwhile, which the write-ahead log records too
    })
    if (entry) files.push({ path, ...entry })
  }
  const inside = await fs.readdir(join(from, 'data'), { recursive: true, withFileTypes: true })
  const paths = inside.map((entry) => ({ entry, path: relative(from, join(entry.parentPath, entry.name)) }))
  const lasting = paths.filter(({ path }) => !isTransient(path))
  for (const { entry, path } of lasting)
    if (entry.isDirectory()) await fs.mkdir(join(to, path), { recursive: true, mode: 0o700 })
  await manyAtOnce(lasting, ({ entry, path }) => (entry.isFile() ? copy(path) : undefined))
  await copy('password')

  const stopped = await one(
    `select lsn::text as wal_to, labelfile, pg_walfile_name(lsn) as last, pg_walfile_name($1::pg_lsn) as first,
            current_setting('server_version') as server_version
     from pg_backup_stop(wait_for_archive => false)`,
    [wal_from],
  )
  const until = new Date()
  for (const name of (await fs.readdir(join(from, 'data', 'pg_wal'))).sort()) {
    const isNeeded = /^[0-9A-F]{24}$/.test(name) && name >= stopped.first && name <= stopped.last
    if (isNeeded || name.endsWith('.history')) await copy(join('data', 'pg_wal', name))
  }
  await fs.mkdir(join(to, 'data', 'pg_wal', 'archive_status'), { recursive: true, mode: 0o700 })
  files.push({ path: 'data/backup_label', ...(await writeLabel(join(to, 'data', 'backup_label'), stopped.labelfile)) })
  const { rows } = await session.query<{ name: string }>(
    `select datname as name from pg_database where not datistemplate and datname <> 'postgres' order by 1`,
  )
  const { server_version, wal_to } = stopped
  return { files, until, server_version, wal: { from: wal_from, to: wal_to }, databases: rows.map(({ name }) => name) }
}

/** Files that a base backup leaves out: they belong to the running server, or its start writes them anew (manual, as above). */
function isTransient(path: string): boolean {
  const [, first = '', ...rest] = path.split(/[/\\]/)
  if (['postmaster.pid', 'postmaster.opts', 'backup_label', 'tablespace_map'].includes(first)) return true
  const emptied = [
    'pg_wal',
    'pg_replslot',
    'pg_dynshmem',
    'pg_notify',
    'pg_serial',
    'pg_snapshots',
    'pg_stat_tmp',
    'pg_subtrans',
  ]
  if (emptied.includes(first) && rest.length > 0) return true
  const name = rest.at(-1) ?? first
  return name.startsWith('pgsql_tmp') || name.startsWith('pg_internal.init')
}

async function writeLabel(path: string, text: string): Promise<Omit<FileEntry, 'path'>> {
  await fs.writeFile(path, text, { mode: 0o600, flush: true })
  return { bytes: Buffer.byteLength(text), sha256: createHash('sha256').update(text).digest('hex') }
}

/** Without the keys the photos of vehicles still go along. */
async function copyBeside(from: string, to: string, withoutKeys: boolean): Promise<FileEntry[]> {
  const files: FileEntry[] = []
  const paths = (await keyFiles(from)).filter((path) => !withoutKeys || /^photos[/\\]/.test(path))
  for (const path of paths) files.push({ path, ...(await copyFile(join(from, path), join(to, path))) })
  return files
}

const prefixed = (folder: string, files: readonly FileEntry[]): FileEntry[] =>
  files.map((file) => ({ ...file, path: `${folder}/${file.path.replaceAll('\\', '/')}` }))

/**
 * Cloud SQL as Google's connector sees it: the two calls of its API, and before PostgreSQL a server on port 3307 that lets in whoever
 * shows a certificate which that API gave, as the account of the token that it was given for, and as no other user. PostgreSQL itself has
 * an administrator who is no superuser, users without passwords, and extensions for that administrator alone.
 */
import 'reflect-metadata' // @peculiar/x509 refuses to load without it
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { createServer as createTlsServer, type TLSSocket } from 'node:tls'
import pg from 'pg'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../app/embedded/postgres.ts'
import { authority } from '../psp/certificates.ts'

export interface FakeCloudSql extends AsyncDisposable {
  /** For SQL_ADMIN_URL. */
  readonly adminUrl: string
  /** Runs statements as its administrator, who is no superuser, like a script for psql: `\connect` works too. */
  asAdmin(statements: readonly string[]): Promise<void>
}

export interface CloudSqlOptions {
  readonly directory: string
  /** `project:region:instance` */
  readonly instance: string
  /** An address of this machine whose port 3307 is free. */
  readonly address: string
  readonly databases: readonly string[]
  /** E-mails of the accounts that are its users. */
  readonly accounts: readonly string[]
  /** The account that a token was given to; undefined: it is no token. */
  readonly accountOf: (token: string) => string | undefined
}

const ADMIN = 'mercado-admin'
const userOf = (account: string) => account.replace(/\.gserviceaccount\.com$/, '')

export async function startFakeCloudSql(options: CloudSqlOptions): Promise<FakeCloudSql> {
  await using started = new AsyncDisposableStack()
  const postgres = started.use(await startEmbeddedPostgres({ directory: options.directory, port: 0, durable: false }))
  await prepare(postgres, options)
  const ca = await authority('Cloud SQL Server CA')
  const [project = '', region, name] = options.instance.split(':')
  const own = await ca.issue(`${project}:${name}`)

  const door = createTlsServer(
    { key: own.key, cert: own.certificate, ca: ca.certificate, requestCert: true, minVersion: 'TLSv1.3' },
    (socket) => void letIn(socket, postgres.port).catch(() => socket.destroy()),
  )
  door.listen(3307, options.address)
  await once(door, 'listening')
  started.defer(() => void door.close())

  const api = createServer(async (request, response) => {
    const answer = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    const token = request.headers.authorization?.replace('Bearer ', '') ?? ''
    const path = `/sql/v1beta4/projects/${project}/instances/${name}`
    if (!options.accountOf(token)) return answer(401, { error: { code: 401, message: 'Invalid credentials' } })
    if (request.url === `${path}/connectSettings`)
      return answer(200, {
        ...{ region, databaseVersion: 'POSTGRES_17', backendType: 'SECOND_GEN' },
        ipAddresses: [{ type: 'PRIVATE', ipAddress: options.address }],
        serverCaCert: { cert: ca.certificate, expirationTime: new X509Certificate(ca.certificate).validTo },
      })
    if (request.method === 'POST' && request.url === `${path}:generateEphemeralCert`) {
      const { public_key = '', access_token = '' } = (await json(request)) as Record<string, string>
      const account = options.accountOf(access_token)
      if (!account) return answer(403, { error: { code: 403, message: 'The access token is nobody’s' } })
      return answer(200, { ephemeralCert: { cert: await ca.certify(public_key, userOf(account)) } })
    }
    return answer(404, { error: { code: 404, message: `Not found: ${request.url}` } })
  })
  api.listen(0, '127.0.0.1')
  await once(api, 'listening')
  started.defer(() => void api.close())

  const all = started.move()
  return {
    adminUrl: `http://127.0.0.1:${(api.address() as AddressInfo).port}/`,
    asAdmin: (statements) => runAsAdmin(postgres, statements),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}

/** Users log in by their certificate, which the proxy in front has checked: PostgreSQL itself asks for no password. */
async function prepare(postgres: EmbeddedPostgres, { directory, databases, accounts }: CloudSqlOptions) {
  const file = join(directory, 'data', 'pg_hba.conf')
  const before = await readFile(file, 'utf8')
  const users = accounts.map((account) => `"${userOf(account)}"`)
  await writeFile(file, `host all ${[...users, ADMIN].join(',')} 127.0.0.1/32 trust\n`)
  await appendFile(file, before)
  await asUser(postgres.url, [
    'select pg_reload_conf()',
    `create role "${ADMIN}" login createdb createrole`,
    ...users.map((user) => `create role ${user} login`),
    ...databases.map((database) => `create database ${database} owner "${ADMIN}"`),
  ])
  for (const database of databases)
    await asUser(Object.assign(new URL(postgres.url), { pathname: `/${database}` }).href, NO_EXTENSIONS)
}

/** As on Cloud SQL, where nobody but the administrator makes an extension; PostgreSQL alone trusts whoever may create. */
const NO_EXTENSIONS = [
  `create function refuse_extension() returns event_trigger language plpgsql as $$
   begin
     if session_user <> '${ADMIN}' and exists (select from pg_event_trigger_ddl_commands()) then
       raise insufficient_privilege using message = 'must be a member of cloudsqlsuperuser to create an extension';
     end if;
   end $$`,
  `create event trigger refuse_extension on ddl_command_end when tag in ('CREATE EXTENSION')
   execute function refuse_extension()`,
]

async function runAsAdmin({ url }: EmbeddedPostgres, statements: readonly string[]) {
  const address = Object.assign(new URL(url), { username: ADMIN, password: '' })
  let batch: string[] = []
  for (const statement of [...statements, '\\connect end']) {
    const [, database] = /^\\connect (\w+)$/.exec(statement) ?? []
    if (!database) {
      batch.push(statement)
      continue
    }
    if (batch.length > 0) await asUser(address.href, batch)
    batch = []
    address.pathname = `/${database}`
  }
}

async function asUser(url: string, statements: readonly string[]) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}

/** The first words of a connection name its user, whom the certificate must name too. */
async function letIn(socket: TLSSocket, port: number) {
  socket.on('error', () => {})
  if (!socket.authorized) throw new Error('a certificate that nobody here gave')
  const [first] = (await once(socket, 'data')) as [Buffer]
  const words = first.subarray(8).toString().split('\0')
  const user = words[words.indexOf('user') + 1]
  if (user !== socket.getPeerCertificate().subject.CN) throw new Error(`${user} is another account`)
  const server: Socket = connect(port, '127.0.0.1')
  server.on('error', () => socket.destroy())
  socket.on('close', () => server.destroy())
  server.write(first)
  socket.pipe(server).pipe(socket)
}

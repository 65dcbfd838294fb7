/** The refusals of a production start: a test for each row of the table, with a setting that somebody in a hurry might choose. */
import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { BadConfiguration, readConfig } from './config.ts'
import { refuseUnsafe, UNSAFE } from './production.ts'

const folder = await mkdtemp(join(tmpdir(), 'production-'))
after(() => rm(folder, { recursive: true }))

const data = join(folder, 'data')
const keys = join(folder, 'keys')
await mkdir(data)
await mkdir(keys)

async function keyAt(directory: string, name: string, mode = 0o600): Promise<string> {
  const path = join(directory, name)
  await writeFile(path, '{}')
  await chmod(path, mode)
  return path
}

type Environment = Readonly<Record<string, string | undefined>>

const safe: Environment = {
  NODE_ENV: 'production',
  DATA_DIR: data,
  DATABASE_URL: 'postgres://mercado@127.0.0.1:5432/postgres',
  AUTH_ISSUER: 'https://login.example.com',
  AUTH_JWKS_URL: 'https://login.example.com/jwks',
  SERVICE_KEY_DIR: keys,
  KEK_FILE: await keyAt(keys, 'kek.json'),
  PAYMENT_PROVIDER: 'pix',
  PAYMENT_WEBHOOK_SECRETS: 'a-secret-of-thirty-two-characters',
  PIX_BASE_URL: 'https://pix.example.com',
  PIX_TOKEN_URL: 'https://pix.example.com/token',
  PIX_CLIENT_ID: 'a',
  PIX_CLIENT_SECRET: 'b',
  PIX_CERTIFICATE_FILE: 'c',
  PIX_KEY_FILE: await keyAt(keys, 'pix.pem'),
  PIX_KEY: 'e',
  PUBLIC_ORIGIN: 'https://loja.example.com',
  SMTP_URL: 'smtps://mail.example.com',
}

/** The lines of the refusal; none when it starts. */
function faultsOf(environment: Environment, service = 'pagamento-service'): readonly string[] {
  try {
    refuseUnsafe(readConfig({ ...safe, ...environment }), service)
    return []
  } catch (error) {
    assert.ok(error instanceof BadConfiguration)
    return error.message.split('\n').slice(1)
  }
}

await symlink(data, join(folder, 'elsewhere'))
await keyAt(data, 'kek.json')
await mkdir(join(folder, 'shared'))
await keyAt(join(folder, 'shared'), 'local-issuer.jwk.json', 0o604)

/** Each is refused by a line of its own, which names the variable. */
const EXAMPLES: Readonly<Record<string, readonly [Environment, RegExp, service?: string][]>> = {
  'pages without TLS': [
    [{ PUBLIC_ORIGIN: undefined }, /PUBLIC_ORIGIN/, 'identidade-service'],
    [{ PUBLIC_ORIGIN: 'http://loja.example.com' }, /PUBLIC_ORIGIN/, 'identidade-service'],
  ],
  'mails that nobody gets': [[{ SMTP_URL: undefined }, /SMTP_URL/, 'avisos-service']],
  'an issuer without TLS': [[{ AUTH_ISSUER: 'http://localhost:8080/realms/mercado' }, /AUTH_ISSUER/]],
  'services that prove nothing': [[{ SERVICE_KEY_DIR: undefined }, /SERVICE_KEY_DIR/]],
  'the simulated provider': [[{ PAYMENT_PROVIDER: 'simulated' }, /PAYMENT_PROVIDER/]],
  'a webhook secret that was made up': [[{ PAYMENT_WEBHOOK_SECRETS: undefined }, /PAYMENT_WEBHOOK_SECRETS/]],
  'a secret that is guessed': [
    [{ PAYMENT_WEBHOOK_SECRETS: 'a'.repeat(64) }, /PAYMENT_WEBHOOK_SECRETS/],
    [{ PAYMENT_WEBHOOK_SECRETS: `${safe.PAYMENT_WEBHOOK_SECRETS},${'ab'.repeat(16)}` }, /PAYMENT_WEBHOOK_SECRETS/],
    [{ PAYMENT_WEBHOOK_SECRETS: 'changemechangeme'.replaceAll(/[hnm]/g, 'c') }, /PAYMENT_WEBHOOK_SECRETS/],
  ],
  'a key beside what it protects': [[{ KEK_FILE: undefined }, /KEK_FILE/]],
  'key files inside DATA_DIR': [
    [{ KEK_FILE: join(data, 'kek.json') }, /KEK_FILE/],
    [{ KEK_FILE: join(folder, 'elsewhere', 'kek.json') }, /KEK_FILE/],
    [{ KEK_FILE: join(keys, '..', 'data', 'deep', 'not-there-yet.json') }, /KEK_FILE/],
    [{ SERVICE_KEY_DIR: data }, /SERVICE_KEY_DIR/],
    [{ PIX_KEY_FILE: join(data, 'pix.pem') }, /PIX_KEY_FILE/],
  ],
  'key files that others may read': [
    [{ KEK_FILE: await keyAt(keys, 'open.json', 0o644) }, /KEK_FILE.*chmod/],
    [{ PIX_KEY_FILE: await keyAt(keys, 'open.pem', 0o604) }, /PIX_KEY_FILE.*chmod/],
    [{ PIX_KEY_FILE: await keyAt(keys, 'written.pem', 0o660) }, /PIX_KEY_FILE.*chmod/],
    [{ SERVICE_KEY_DIR: join(folder, 'shared') }, /SERVICE_KEY_DIR.*chmod/],
  ],
  'webhooks to this machine': [[{ WEBHOOK_ALLOW_LOOPBACK: 'true' }, /WEBHOOK_ALLOW_LOOPBACK/]],
  'limits of 0': [
    [{ RATE_LIMIT_PER_ADDRESS: '0' }, /RATE_LIMIT_PER_ADDRESS/],
    [{ RATE_LIMIT_PER_IDENTITY: '0' }, /RATE_LIMIT_PER_IDENTITY/],
    [{ RATE_LIMIT_PURCHASES: '0' }, /RATE_LIMIT_PURCHASES/],
    [{ RATE_LIMIT_LOOKUPS: '0' }, /RATE_LIMIT_LOOKUPS/],
    [{ RATE_LIMIT_GUESSES: '0' }, /RATE_LIMIT_GUESSES/],
    [{ OPEN_PIX_PURCHASES_MAX: '0' }, /OPEN_PIX_PURCHASES_MAX/],
    [{ CUSTOMERS_READ_PER_HOUR: '0' }, /CUSTOMERS_READ_PER_HOUR/],
  ],
  'a silent log': [[{ LOG_LEVEL: 'silent' }, /LOG_LEVEL/]],
  'no audit': [[{ AUDIT_EVERY_MINUTES: '0' }, /AUDIT_EVERY_MINUTES/]],
  'every origin': [[{ CORS_ORIGINS: '*' }, /CORS_ORIGINS/]],
  'a database in the open': [
    [{ DATABASE_URL: 'postgres://mercado:x@db.example.com/postgres' }, /DATABASE_URL/],
    [{ DATABASE_URL: 'postgres://mercado:x@10.0.0.7:5432/postgres?sslmode=disable' }, /DATABASE_URL/],
    [{ DATABASE_URL: 'postgres://mercado:x@db.example.com/postgres?sslmode=no-verify' }, /DATABASE_URL/],
    [{ DATABASE_URL: 'postgres://mercado:x@localhost/postgres?host=db.example.com' }, /DATABASE_URL/],
    [{ DATABASE_URL: 'postgres://mercado:x@127.0.0.1.example.com/postgres' }, /DATABASE_URL/],
  ],
}

for (const { what } of UNSAFE)
  test(`in production nothing starts with ${what}`, () => {
    const examples = EXAMPLES[what] ?? []
    assert.notEqual(examples.length, 0, 'a row of the table has an example here')
    for (const [change, named, service = 'pagamento-service'] of examples) {
      const faults = faultsOf(change, service)
      assert.equal(faults.length, 1, `${JSON.stringify(change)}: ${faults.join(' / ') || 'it starts'}`)
      assert.match(faults[0] ?? '', named)
      // in development it is no fault
      refuseUnsafe(readConfig({ ...safe, ...change, NODE_ENV: 'development' }), service)
    }
  })

test('what is safe starts, with a database here, on a socket, or far away behind TLS', () => {
  for (const DATABASE_URL of [
    safe.DATABASE_URL,
    'postgres://mercado@[::1]/postgres',
    'postgres://mercado@/postgres?host=/cloudsql/project:region:one',
    'postgres://mercado:x@db.example.com/postgres?sslmode=verify-full',
  ])
    assert.deepEqual(faultsOf({ DATABASE_URL }), [], DATABASE_URL)
})

test('a start says everything that is unsafe at once', () => {
  assert.equal(faultsOf({ LOG_LEVEL: 'silent', RATE_LIMIT_LOOKUPS: '0', RATE_LIMIT_GUESSES: '0' }).length, 3)
})

test('the gateway needs no key of ours, and refuses what concerns it', () => {
  const bare = Object.fromEntries(Object.keys(safe).map((name) => [name, undefined]))
  assert.deepEqual(faultsOf({ ...bare, NODE_ENV: 'production' }, 'gateway'), [])
  assert.equal(faultsOf({ ...bare, NODE_ENV: 'production', CORS_ORIGINS: '*' }, 'gateway').length, 1)
})

/** Reasons to refuse a start in production, one a row: settings for development only, and settings that leave a door open. */
import { realpathSync, statSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { isServiceName } from '#contracts'
import { BadConfiguration, type Config, publicOriginOf } from './config.ts'
import { isInTheOpen } from './database/database.ts'

interface Unsafe {
  /** A short name, as in test titles: `limits of 0`. */
  readonly what: string
  /** The services that it concerns; absent: all of them and the gateway. */
  readonly of?: (service: string) => boolean
  /** The faults, a line each; empty when there are none. */
  readonly faults: (config: Config) => readonly string[]
}

const takesPayments = (service: string) => service === 'pagamento-service'

const LIMITS = [
  'RATE_LIMIT_PER_ADDRESS',
  'RATE_LIMIT_PER_IDENTITY',
  'RATE_LIMIT_PURCHASES',
  'RATE_LIMIT_LOOKUPS',
  'RATE_LIMIT_GUESSES',
  'OPEN_PIX_PURCHASES_MAX',
  'CUSTOMERS_READ_PER_HOUR',
] as const
/** The fewest different characters of a secret: 16 random characters have fewer once in many millions of cases. */
const VARIETY = 6

const when = (isUnsafe: boolean, fault: string) => (isUnsafe ? [fault] : [])

export const UNSAFE: readonly Unsafe[] = [
  {
    what: 'pages without TLS',
    of: (service) => service === 'identidade-service',
    faults: (config) =>
      when(
        publicOriginOf(config).startsWith('http://'),
        'PUBLIC_ORIGIN is not set, or begins with http://: sessions could be read on the way',
      ),
  },
  {
    what: 'an issuer without TLS',
    // keys may come without TLS from this machine; the schema refuses that from elsewhere
    faults: ({ AUTH_ISSUER }) =>
      when(
        AUTH_ISSUER?.startsWith('http://') === true,
        'AUTH_ISSUER begins with http://: who stands on the way could sign in as anybody',
      ),
  },
  {
    what: 'mails that nobody gets',
    of: (service) => service === 'avisos-service',
    faults: ({ SMTP_URL }) => when(!SMTP_URL, 'SMTP_URL is not set: mails would be kept, and nobody would read them'),
  },
  {
    what: 'services that prove nothing',
    of: isServiceName,
    faults: ({ SERVICE_ACCOUNTS, SERVICE_KEY_DIR }) =>
      when(
        !SERVICE_ACCOUNTS && !SERVICE_KEY_DIR,
        'neither SERVICE_ACCOUNTS nor SERVICE_KEY_DIR is set: services could not prove themselves to each other',
      ),
  },
  {
    what: 'the simulated provider',
    of: takesPayments,
    faults: ({ PAYMENT_PROVIDER }) =>
      when(PAYMENT_PROVIDER === 'simulated', 'PAYMENT_PROVIDER=simulated: it takes no money'),
  },
  {
    what: 'a webhook secret that was made up',
    of: takesPayments,
    faults: ({ PAYMENT_WEBHOOK_SECRETS }) =>
      when(
        !PAYMENT_WEBHOOK_SECRETS,
        'PAYMENT_WEBHOOK_SECRETS is not set: the secret that is made up on the first start is for development',
      ),
  },
  {
    what: 'a secret that is guessed',
    faults: ({ PAYMENT_WEBHOOK_SECRETS = '' }) =>
      when(
        PAYMENT_WEBHOOK_SECRETS.split(',').some((secret) => secret !== '' && new Set(secret).size < VARIETY),
        'PAYMENT_WEBHOOK_SECRETS repeats a few characters: openssl rand -hex 32 makes one that nobody guesses',
      ),
  },
  {
    what: 'a key beside what it protects',
    of: isServiceName,
    faults: ({ KMS_KEY, KEK_FILE }) =>
      when(
        !KMS_KEY && !KEK_FILE,
        'neither KMS_KEY nor KEK_FILE is set: the key that is made in DATA_DIR would lie beside what it protects',
      ),
  },
  {
    what: 'key files inside DATA_DIR',
    faults: (config) =>
      keyFiles(config)
        .filter(({ path }) => isWithin(path, config.DATA_DIR))
        .map(({ name, path }) => `${name}: ${path} lies inside DATA_DIR, beside the data`),
  },
  {
    what: 'key files that others may read',
    faults: (config) =>
      keyFiles(config)
        .filter(({ path }) => isOpenToOthers(path))
        .map(({ name, path }) => `${name}: ${path} may be read by others on this machine: chmod 600`),
  },
  {
    what: 'webhooks to this machine',
    faults: ({ WEBHOOK_ALLOW_LOOPBACK }) =>
      when(WEBHOOK_ALLOW_LOOPBACK, 'WEBHOOK_ALLOW_LOOPBACK=true: webhooks could reach this machine'),
  },
  {
    what: 'limits of 0',
    faults: (config) => LIMITS.filter((name) => config[name] === 0).map((name) => `${name}=0: there is no limit`),
  },
  {
    what: 'a silent log',
    faults: ({ LOG_LEVEL }) =>
      when(LOG_LEVEL === 'silent', 'LOG_LEVEL=silent: what goes wrong would be told to nobody'),
  },
  {
    what: 'no audit',
    faults: ({ AUDIT_EVERY_MINUTES }) =>
      when(AUDIT_EVERY_MINUTES === 0, 'AUDIT_EVERY_MINUTES=0: nobody would compare the services'),
  },
  {
    what: 'every origin',
    faults: ({ CORS_ORIGINS }) =>
      when(CORS_ORIGINS.split(',').includes('*'), 'CORS_ORIGINS=*: any page may read what the gateway answers'),
  },
  {
    what: 'a database in the open',
    of: isServiceName,
    faults: (config) =>
      (['DATABASE_URL', 'MIGRATION_DATABASE_URL'] as const)
        .filter((name) => config[name] !== undefined && isInTheOpen(config[name]))
        .map((name) => `${name} leaves this machine without TLS, or without looking whose it is: sslmode=verify-full`),
  },
]

/** Throws BadConfiguration with a line for each reason why `service` must not start so in production. */
export function refuseUnsafe(config: Config, service: string): void {
  if (config.NODE_ENV !== 'production') return
  const concerning = UNSAFE.filter(({ of }) => of?.(service) ?? true)
  const faults = concerning.flatMap((row) => row.faults(config))
  if (faults.length === 0) return
  throw new BadConfiguration(
    `${service} does not start so in production:\n${faults.map((one) => `  ${one}`).join('\n')}`,
  )
}

/** The files of private keys that the configuration names. A missing one is reported by the code that needs it. */
function keyFiles({ KEK_FILE, PIX_KEY_FILE, SERVICE_KEY_DIR }: Config) {
  const inDirectory = SERVICE_KEY_DIR === undefined ? undefined : join(SERVICE_KEY_DIR, 'local-issuer.jwk.json')
  return Object.entries({ KEK_FILE, PIX_KEY_FILE, SERVICE_KEY_DIR: inDirectory }).flatMap(([name, path]) =>
    path === undefined ? [] : [{ name, path }],
  )
}

/** Links are followed: only the place of the real file counts. */
function isWithin(path: string, directory: string): boolean {
  return relative(real(directory), real(path)).split('/')[0] !== '..'
}

/** Resolves the part of a path that exists; `.` and `/` always do. */
function real(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return join(real(join(path, '..')), basename(path))
  }
}

/** Its group may read it, like a mounted secret; others may not, and only its owner may change it. */
function isOpenToOthers(path: string): boolean {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0
  return (mode & 0o027) !== 0
}

/** All configuration, read from the environment once, against a schema. A bad start lists every fault. */
import { type Static, type TInteger, type TOptional, type TString, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'
import { type ProcessName, pages, processes, type ServiceName, services } from '#contracts'
import { CannotStart } from './cannot-start.ts'
import { cloudSettings, HTTPS_OR_HERE } from './cloud-settings.ts'
import { shopSettings } from './shop-settings.ts'
import { telemetrySettings } from './telemetry-settings.ts'

const Port = (standard: number, of: string) =>
  Type.Integer({ minimum: 0, maximum: 65_535, default: standard, description: `Port of ${of}; 0: any that is free` })
const Seconds = (standard: number, description: string) =>
  Type.Number({ exclusiveMinimum: 0, maximum: 86_400, default: standard, description })
const PerMinute = (standard: number, description: string) =>
  Type.Integer({ minimum: 0, maximum: 10_000_000, default: standard, description: `${description}; 0: any number` })
const Money = (standard: number, description: string) =>
  Type.Number({ minimum: 0, maximum: 999_999_999, default: standard, description })
const Days = (standard: number, description: string) =>
  Type.Integer({ minimum: 1, maximum: 36_525, default: standard, description })
/** Where the processes of other services find this one. */
const Address = Type.Optional(
  Type.String({ pattern: '^https?://[^/\\s]+$', description: 'Of the service, when it runs as a process of its own' }),
)

type PortOf<Name extends ProcessName> = (typeof processes)[Name]['port'][0]
type UrlOf<Name extends ServiceName> = (typeof services)[Name]['url']
/** From the roster: where each process listens, and where others find each service. */
const ports = Object.fromEntries(
  Object.entries(processes).map(([name, { port }]) => [port[0], Port(port[1], name)]),
) as { [Name in ProcessName as PortOf<Name>]: TInteger }
const addresses = Object.fromEntries(Object.values(services).map(({ url }) => [url, Address])) as {
  [Name in ServiceName as UrlOf<Name>]: TOptional<TString>
}

const ALGORITHM = '(RS256|RS384|RS512|PS256|PS384|PS512|ES256|ES384|ES512|EdDSA)'
const HTTPS = '^https://[^/\\s]+(/[^\\s]*)?$'

/** As browsers send it: without a path or a trailing slash. */
const ORIGIN = 'https?://[^/\\s,*]+'

const ConfigSchema = Type.Object({
  DATA_DIR: Type.String({
    minLength: 1,
    default: '.data',
    description: 'Where the embedded database and local keys live',
  }),
  DATABASE_URL: Type.Optional(
    Type.String({
      pattern: '^postgres(ql)?://',
      description: 'A PostgreSQL server to use instead of the embedded one',
    }),
  ),
  MIGRATION_DATABASE_URL: Type.Optional(
    Type.String({
      pattern: '^postgres(ql)?://',
      description:
        'The same server as the owner of the tables, who migrates them; then DATABASE_URL names a user who owns none',
    }),
  ),
  DATABASE_PREFIX: Type.String({
    pattern: '^[a-z0-9_]{0,40}$',
    default: '',
    description: "Prefix of each service's database name",
  }),
  DATABASE_POOL_SIZE: Type.Integer({ minimum: 2, maximum: 200, default: 10, description: 'Connections per service' }),
  ...ports,
  PORT_WEB: Port(pages.port[1], 'the pages'),
  PORT_POSTGRES: Port(5432, 'the embedded PostgreSQL, which takes a free one when it is taken'),
  ...telemetrySettings,
  HOST: Type.String({ default: '127.0.0.1', description: 'Address that the HTTP servers listen on' }),
  BUS: Type.Enum(['embedded', 'pubsub'], {
    default: 'embedded',
    description: 'How messages travel: within this process, or by Google Cloud Pub/Sub',
  }),
  PROJECT_ID: Type.Optional(
    Type.String({
      pattern: '^[a-z][a-z0-9-]{4,61}[a-z0-9]$',
      description: 'Google Cloud project of the topics; the emulator takes any, and has a standard one',
    }),
  ),
  PUBSUB_EMULATOR_HOST: Type.Optional(
    Type.String({ pattern: '^[^/\\s]+:[0-9]{1,5}$', description: "host:port of Google's emulator" }),
  ),
  PUBSUB_CREATE: Type.Boolean({
    default: false,
    description: 'Whether to make topics and subscriptions that are missing, as always on the emulator',
  }),
  ...addresses,
  WEB_URL: Address,
  PAYMENT_CODE_TTL_SECONDS: Seconds(1_800, 'How long a payment code can be paid'),
  PAYMENT_PROVIDER: Type.Enum(['simulated', 'pix'], {
    default: 'simulated',
    description: "Who takes Pix payments: nobody, in development; or a PSP, by Banco Central's API Pix",
  }),
  PAYMENT_WEBHOOK_SECRETS: Type.Optional(
    Type.String({
      pattern: '^[^,\\s]{16,}(,[^,\\s]{16,})*$',
      description: 'That payment webhooks are signed with, comma-separated; unless set, one is kept in DATA_DIR',
    }),
  ),
  PIX_BASE_URL: Type.Optional(Type.String({ pattern: HTTPS, description: "The PSP's address before /v2" })),
  PIX_TOKEN_URL: Type.Optional(Type.String({ pattern: HTTPS, description: 'Where it gives access tokens' })),
  PIX_CLIENT_ID: Type.Optional(Type.String({ description: 'Our account at the PSP' })),
  PIX_CLIENT_SECRET: Type.Optional(Type.String({ description: 'The secret of that account' })),
  PIX_CERTIFICATE_FILE: Type.Optional(Type.String({ description: 'PEM: the certificate that we show the PSP' })),
  PIX_KEY_FILE: Type.Optional(Type.String({ description: 'PEM: the private key of that certificate' })),
  PIX_CA_FILE: Type.Optional(
    Type.String({
      description: "PEM: who alone may have issued the PSP's certificate; publicly known authorities unless set",
    }),
  ),
  PIX_KEY: Type.Optional(Type.String({ maxLength: 77, description: "The receiver's Pix key" })),
  PHOTO_BUCKET: Type.Optional(
    Type.String({
      pattern: '^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$',
      description: 'The bucket of Google Cloud Storage that photos are kept in; DATA_DIR/photos unless set',
    }),
  ),
  SAGA_STEP_TIMEOUT_SECONDS: Seconds(30, 'How long a step may go without an answer, over all its attempts'),
  AUDIT_EVERY_MINUTES: Type.Number({
    minimum: 0,
    maximum: 10_080,
    default: 60,
    description: 'How often the services are compared without anybody asking; 0: never',
  }),
  OPEN_PIX_PURCHASES_MAX: Type.Integer({
    minimum: 0,
    maximum: 100_000,
    default: 2,
    description:
      'Purchases by Pix that a customer may have under way at once: each keeps a vehicle, and costs nothing yet; 0: any number',
  }),
  UNPAID_PAUSE_MINUTES: Type.Number({
    minimum: 0,
    maximum: 10_080,
    default: 30,
    description:
      'How long a customer who held a vehicle by Pix and did not pay waits before holding it so again; 0: not at all',
  }),
  UNPAID_STOCK_SHARE_MAX: Type.Integer({
    minimum: 0,
    maximum: 100,
    default: 0,
    description:
      'Percent of the stock that unpaid purchases by Pix of customers may hold, 50 vehicles in any case; 0: all of it',
  }),
  RETURN_TTL_DAYS: Type.Integer({
    minimum: 1,
    maximum: 365,
    default: 30,
    description: 'How many days a return waits for its vehicle before it is called off',
  }),
  SAGA_HISTORY_DAYS: Type.Integer({
    minimum: 0,
    maximum: 36_500,
    default: 90,
    description:
      'After so many days the history of a purchase that has ended goes to an archive, where it can still be read; 0: never',
  }),
  EVENT_STREAMS_MAX: Type.Integer({
    minimum: 0,
    maximum: 100_000,
    default: 1_000,
    description: 'Event streams of purchases that a process keeps open at once',
  }),
  MAX_CONNECTIONS: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 10_000,
    description: 'HTTP connections that a service keeps open; it closes those beyond',
  }),
  MAX_REQUESTS_IN_FLIGHT: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 2_000,
    description: 'HTTP requests that a service works on at once; it answers 503 to those beyond',
  }),
  MAX_EVENT_LOOP_DELAY_MS: Type.Number({
    exclusiveMinimum: 0,
    maximum: 60_000,
    default: 2_000,
    description:
      'How late a process may be with everything, for more than a second, before it answers 503 to new requests',
  }),
  TRUSTED_PROXIES: Type.Integer({
    minimum: 0,
    maximum: 10,
    default: 0,
    description:
      'Proxies before this process whose X-Forwarded-For is believed: load balancers before the gateway; for a service the gateway and what stands between the two; one on this machine always is',
  }),
  NODE_ENV: Type.Enum(['development', 'test', 'production'], {
    default: 'development',
    description: 'production: a start refuses whatever is for development alone',
  }),
  AUTH_ISSUER: Type.Optional(
    Type.String({ pattern: HTTPS_OR_HERE, description: "The identity provider's `iss`; the local issuer unless set" }),
  ),
  AUTH_JWKS_URL: Type.Optional(
    Type.String({ pattern: HTTPS_OR_HERE, description: 'Where the identity provider shows its public keys' }),
  ),
  AUTH_AUDIENCE: Type.String({
    minLength: 1,
    default: 'mercado-veiculo',
    description: 'Whom tokens must be meant for',
  }),
  AUTH_ALGORITHMS: Type.String({
    pattern: `^${ALGORITHM}(,${ALGORITHM})*$`,
    default: 'RS256',
    description: 'By which the identity provider signs, comma-separated',
  }),
  AUTH_ROLE_CLAIM: Type.String({
    minLength: 1,
    default: 'role',
    description:
      "Where its tokens tell the role, or a list of them; steps inward by dots, as Keycloak's realm_access.roles",
  }),
  AUTH_SCOPE_CLAIM: Type.String({
    minLength: 1,
    default: 'scope',
    description:
      'Where its tokens tell of staff whether they are a `seller` or an `operator`, alone or among other words',
  }),
  AUTH_CUSTOMER_CLAIM: Type.String({
    minLength: 1,
    default: 'customer_id',
    description: "Where its tokens tell a customer's id",
  }),
  ...cloudSettings,
  SERVICE_KEY_DIR: Type.Optional(
    Type.String({
      description:
        'Where the key lies by which services prove themselves without Google, shared by them all; DATA_DIR unless set',
    }),
  ),
  KEK_FILE: Type.Optional(
    Type.String({
      description:
        'A file with the key that wraps those data keys, where there is no KMS_KEY; one in DATA_DIR unless set',
    }),
  ),
  RATE_LIMIT_PER_ADDRESS: PerMinute(3_000, 'Requests a minute that one address may send'),
  RATE_LIMIT_PER_IDENTITY: PerMinute(
    1_200,
    'Requests a minute that one customer may send; staff and admins 20 times that',
  ),
  RATE_LIMIT_PURCHASES: PerMinute(30, 'Purchases and payments a minute that one customer may start'),
  RATE_LIMIT_LOOKUPS: PerMinute(60, 'Requests a minute that tell whether a document, an e-mail or a code exists'),
  RATE_LIMIT_GUESSES: PerMinute(60, 'Wrong tokens and wrong signatures a minute that one address may send'),
  CUSTOMERS_READ_PER_HOUR: Type.Integer({
    minimum: 0,
    maximum: 10_000_000,
    default: 2_000,
    description:
      'Customers that one person who works here may be shown within an hour, in lists or one by one; 0: any number',
  }),
  RATE_LIMIT_LOOPBACK: Type.Boolean({
    default: false,
    description: 'Whether rate limits hold for clients on this machine too; those for guesses and customers always do',
  }),
  WEBHOOK_ALLOW_LOOPBACK: Type.Boolean({
    default: false,
    description: 'Whether webhooks may go to this machine, without TLS: for development and tests',
  }),
  GATEWAY_TIMEOUT_SECONDS: Seconds(30, 'How long the gateway waits for a service to answer'),
  CORS_ORIGINS: Type.String({
    pattern: `^(\\*|${ORIGIN}(,${ORIGIN})*)?$`,
    default: '',
    description: 'Origins of web pages that may read what the gateway answers, comma-separated; or *; none unless set',
  }),
  CONSENT_TEXT_VERSION: Type.String({
    pattern: '^[\\w.-]{1,40}$',
    default: '1',
    description: 'Version of the text by which consents are asked for, where a client names none',
  }),
  CONSENT_TEXTS_BEFORE: Type.String({
    pattern: '^([\\w.-]{1,40}(,[\\w.-]{1,40})*)?$',
    default: '',
    description: 'Versions of that text that were shown before, comma-separated: a consent to any other is refused',
  }),
  APPROVALS: Type.Enum(['staff', 'all'], {
    default: 'staff',
    description: 'Who needs a second person beyond the limits below: staff, whom an admin answers; or admins too',
  }),
  APPROVAL_ADJUSTMENT: Money(
    10_000,
    "BRL that one person may move of one customer's account, give back to one, or take out of the till, in 24 hours without a second person",
  ),
  APPROVAL_CREDIT: Money(10_000, 'BRL of credit limit that a customer may be given without a second person'),
  APPROVAL_PAYMENT: Money(50_000, 'BRL of one customer that one person may take at the counter in 24 hours alone'),
  CREDIT_DUE_DAYS: Days(30, 'After how many days credit that a purchase has used is to be repaid'),
  COUNTER_TTL_HOURS: Type.Number({
    exclusiveMinimum: 0,
    maximum: 8_760,
    default: 72,
    description: 'How long a purchase that is paid at the counter waits for its first money',
  }),
  APPROVAL_DISCOUNT: Type.Number({
    minimum: 0,
    maximum: 100,
    default: 10,
    description: 'Percent below the highest price of its last 30 days that a vehicle may be offered at without one',
  }),
  APPROVAL_TTL_HOURS: Type.Number({
    exclusiveMinimum: 0,
    maximum: 8_760,
    default: 72,
    description: 'How long a second person may take to decide',
  }),
  RETENTION_FISCAL_DAYS: Days(4_018, 'How long fiscal records of a sale are kept: 132 months'),
  RETENTION_COAF_DAYS: Days(1_827, 'How long purchases of R$ 10,000 and more are kept: five years'),
  RETENTION_CLAIMS_DAYS: Days(1_827, 'How long an open balance or debt is kept after its owner was erased: five years'),
  RETENTION_PICKUP_DAYS: Days(1_827, 'How long it is known who took a vehicle'),
  RETENTION_INACTIVE_DAYS: Days(1_827, 'After how long a customer who has no money here and did nothing is erased'),
  PUBLIC_ORIGIN: Type.Optional(
    Type.String({
      pattern: `^${ORIGIN}$`,
      description:
        'What people type: links, canonical addresses, and the only origin whose forms are taken; http://localhost and the port of the gateway unless set',
    }),
  ),
  PAGES: Type.Boolean({ default: true, description: 'Whether `npm start` runs the pages too' }),
  WEB_RELOAD: Type.Boolean({
    default: false,
    description: 'Whether pages follow their sources while they are edited, as `make dev` wants it',
  }),
  ...shopSettings,
  LOG_LEVEL: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    default: 'warn',
    description: 'From which level on something is logged',
  }),
})

export type Config = Static<typeof ConfigSchema>

/** Every variable by its name, for documentation. */
export const variables: Readonly<Record<string, object>> = ConfigSchema.properties

/** Where a process listens. */
export const portOf = (config: Config, name: ProcessName): number => config[processes[name].port[0]]

const NEEDED_FOR_PIX = [
  'PIX_BASE_URL',
  'PIX_TOKEN_URL',
  'PIX_CLIENT_ID',
  'PIX_CLIENT_SECRET',
  'PIX_CERTIFICATE_FILE',
  'PIX_KEY_FILE',
  'PIX_KEY',
] as const

export class BadConfiguration extends CannotStart {}

/** Where people find the pages: links, cookies, passkeys and the check of where a post comes from follow it. */
export const publicOriginOf = ({ PUBLIC_ORIGIN, PORT_GATEWAY }: Config): string =>
  PUBLIC_ORIGIN ?? `http://localhost:${PORT_GATEWAY}`

/** Throws BadConfiguration with a line for each variable that is wrong. Empty variables count as absent. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(
    Object.entries(ConfigSchema.properties)
      .filter(([name]) => environment[name])
      .map(([name, schema]) => [name, parsed(schema, environment[name] ?? '')]),
  )
  const config = Value.Default(ConfigSchema, given)
  const check = Compile(ConfigSchema)
  const faults = check.Errors(config).map(({ instancePath, message }) => {
    const name = instancePath.slice(1)
    return `${name}=${withoutSecret(name, environment[name])}: ${message}`
  })
  if (environment.PAYMENT_PROVIDER === 'pix') {
    const missing = NEEDED_FOR_PIX.filter((name) => !environment[name])
    faults.push(...missing.map((name) => `${name} is not set: PAYMENT_PROVIDER=pix needs it`))
  }
  if (Boolean(environment.AUTH_ISSUER) !== Boolean(environment.AUTH_JWKS_URL))
    faults.push('AUTH_ISSUER and AUTH_JWKS_URL go together: an identity provider has both')
  if (environment.MIGRATION_DATABASE_URL && !environment.DATABASE_URL)
    faults.push(
      'MIGRATION_DATABASE_URL needs DATABASE_URL too: the first names the owner of the tables, the second the user who works on them',
    )
  if (check.Check(config) && faults.length === 0) return config
  throw new BadConfiguration(`The configuration is wrong:\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
}

/** Only plain decimals are numbers: a library's conversion takes `80.5` for port 80 and `true` for port 1. */
function parsed(schema: object, text: string): unknown {
  const type = 'type' in schema ? schema.type : undefined
  if (type === 'boolean') return text === 'true' || (text === 'false' ? false : text)
  return type !== 'string' && type !== undefined && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
}

const withoutSecret = (name: string, text = '') => (/SECRET/.test(name) ? '…' : text.replace(/\/\/.*@/, '//…@'))

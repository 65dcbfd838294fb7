/** Configuration: everything has a default, and a bad start tells every fault at once. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BadConfiguration, readConfig } from './config.ts'

/** The lines that a bad start shows, one a fault. */
function faultsOf(environment: Record<string, string>): string[] {
  try {
    readConfig(environment)
  } catch (error) {
    assert.ok(error instanceof BadConfiguration)
    return error.message.split('\n').slice(1)
  }
  return []
}

test('an empty environment is a good one', () => {
  assert.deepEqual(readConfig({}), {
    DATA_DIR: '.data',
    DATABASE_PREFIX: '',
    DATABASE_POOL_SIZE: 10,
    PORT_CLIENTE: 8080,
    PORT_VEICULO: 8081,
    PORT_PAGAMENTO: 8082,
    PORT_IDENTIDADE: 8084,
    PORT_AVISOS: 8086,
    PORT_ORQUESTRADOR: 8083,
    PORT_GATEWAY: 8000,
    PORT_WEB: 3000,
    PORT_POSTGRES: 5432,
    HOST_METRICS: '127.0.0.1',
    OTEL_TRACES_SAMPLER_ARG: 1,
    HOST: '127.0.0.1',
    BUS: 'embedded',
    PUBSUB_CREATE: false,
    PAYMENT_CODE_TTL_SECONDS: 1_800,
    PAYMENT_PROVIDER: 'simulated',
    CONSENT_TEXT_VERSION: '1',
    CONSENT_TEXTS_BEFORE: '',
    RETENTION_FISCAL_DAYS: 4_018,
    RETENTION_COAF_DAYS: 1_827,
    RETENTION_CLAIMS_DAYS: 1_827,
    RETENTION_PICKUP_DAYS: 1_827,
    RETENTION_INACTIVE_DAYS: 1_827,
    MAIL_FROM: 'Mercado Veículo <nao-responda@localhost>',
    SAGA_STEP_TIMEOUT_SECONDS: 30,
    AUDIT_EVERY_MINUTES: 60,
    OPEN_PIX_PURCHASES_MAX: 2,
    UNPAID_PAUSE_MINUTES: 30,
    UNPAID_STOCK_SHARE_MAX: 0,
    RETURN_TTL_DAYS: 30,
    SAGA_HISTORY_DAYS: 90,
    EVENT_STREAMS_MAX: 1_000,
    MAX_CONNECTIONS: 10_000,
    MAX_REQUESTS_IN_FLIGHT: 2_000,
    MAX_EVENT_LOOP_DELAY_MS: 2_000,
    TRUSTED_PROXIES: 0,
    NODE_ENV: 'development',
    AUTH_AUDIENCE: 'mercado-veiculo',
    AUTH_ALGORITHMS: 'RS256',
    APPROVALS: 'staff',
    APPROVAL_ADJUSTMENT: 10_000,
    APPROVAL_CREDIT: 10_000,
    APPROVAL_PAYMENT: 50_000,
    CREDIT_DUE_DAYS: 30,
    COUNTER_TTL_HOURS: 72,
    APPROVAL_DISCOUNT: 10,
    APPROVAL_TTL_HOURS: 72,
    AUTH_SCOPE_CLAIM: 'scope',
    AUTH_ROLE_CLAIM: 'role',
    AUTH_CUSTOMER_CLAIM: 'customer_id',
    KMS_URL: 'https://cloudkms.googleapis.com',
    STORAGE_URL: 'https://storage.googleapis.com',
    SQL_ADMIN_URL: 'https://sqladmin.googleapis.com/',
    GOOGLE_KEYS_URL: 'https://www.googleapis.com/oauth2/v3/certs',
    GCE_METADATA_HOST: 'metadata.google.internal',
    RATE_LIMIT_PER_ADDRESS: 3_000,
    RATE_LIMIT_PER_IDENTITY: 1_200,
    RATE_LIMIT_PURCHASES: 30,
    RATE_LIMIT_LOOKUPS: 60,
    RATE_LIMIT_GUESSES: 60,
    CUSTOMERS_READ_PER_HOUR: 2_000,
    RATE_LIMIT_LOOPBACK: false,
    WEBHOOK_ALLOW_LOOPBACK: false,
    GATEWAY_TIMEOUT_SECONDS: 30,
    CORS_ORIGINS: '',
    PAGES: true,
    WEB_RELOAD: false,
    SHOP_NAME: 'Mercado Veículo',
    SHOP_LEGAL_NAME: 'Mercado Veículo Comércio de Automóveis Ltda.',
    SHOP_CNPJ: '11222333000181',
    SHOP_ADDRESS: 'Avenida Exemplo, 1000, Centro',
    SHOP_CITY: 'Campinas, SP',
    SHOP_EMAIL: 'contato@mercadoveiculo.example',
    SHOP_PHONE: '+551930000000',
    SHOP_HOURS: 'Segunda a sexta, 9h às 19h. Sábado, 9h às 14h.',
    SHOP_DPO_NAME: 'Encarregado de dados',
    SHOP_DPO_EMAIL: 'privacidade@mercadoveiculo.example',
    SHOP_REFUND_DAYS: 3,
    SHOP_PICKUP_DAYS: 2,
    LOG_LEVEL: 'warn',
  })
})

test('a given value is taken, an empty one counts as absent, an unknown variable is left alone', () => {
  const config = readConfig({
    DATABASE_URL: 'postgresql://db/',
    PORT_CLIENTE: '0',
    PORT_VEICULO: '',
    SAGA_STEP_TIMEOUT_SECONDS: '0.5',
    PATH: '/usr/bin',
  })
  assert.equal(config.DATABASE_URL, 'postgresql://db/')
  assert.equal(config.PORT_CLIENTE, 0)
  assert.equal(config.PORT_VEICULO, 8081)
  assert.equal(config.SAGA_STEP_TIMEOUT_SECONDS, 0.5)
  assert.ok(!('PATH' in config))
})

test('a bad start lists every fault, each with its variable', () => {
  const faults = faultsOf({
    BUS: 'carrier-pigeon',
    DATABASE_POOL_SIZE: '1',
    DATABASE_PREFIX: 'No-Capitals',
    DATABASE_URL: 'mysql://db/',
    LOG_LEVEL: 'loud',
    PAYMENT_CODE_TTL_SECONDS: 'soon',
    PORT_CLIENTE: '70000',
    SAGA_STEP_TIMEOUT_SECONDS: '0',
  })
  assert.deepEqual(faults.map((line) => /^ {2}(\w+)\b/.exec(line)?.[1]).sort(), [
    'BUS',
    'DATABASE_POOL_SIZE',
    'DATABASE_PREFIX',
    'DATABASE_URL',
    'LOG_LEVEL',
    'PAYMENT_CODE_TTL_SECONDS',
    'PORT_CLIENTE',
    'SAGA_STEP_TIMEOUT_SECONDS',
  ])
})

for (const [given, what] of [
  ['80.5', 'a fraction'],
  ['true', 'a word'],
  ['-1', 'a negative number'],
  ['0x50', 'a number in another base'],
  ['65536', 'a number too large'],
] as const) {
  test(`a port that is ${what} is refused, not guessed at`, () => {
    assert.equal(faultsOf({ PORT_CLIENTE: given }).length, 1)
  })
}

test('a bad start does not show the password of the database', () => {
  const [fault] = faultsOf({ DATABASE_URL: 'mysql://ana:s3cret@db/' })
  assert.match(fault ?? '', /DATABASE_URL/)
  assert.doesNotMatch(fault ?? '', /s3cret/)
})

test('a PSP is chosen with all that it takes to reach it, or not at all', () => {
  const missing = faultsOf({ PAYMENT_PROVIDER: 'pix', PIX_BASE_URL: 'http://pix.example.com/', PIX_KEY: 'a-key' })
  assert.deepEqual(
    missing.map((line) => /^ {2}(\w+)( is not set)?/.exec(line)?.slice(1)),
    [
      ['PIX_BASE_URL', undefined],
      ...['TOKEN_URL', 'CLIENT_ID', 'CLIENT_SECRET', 'CERTIFICATE_FILE', 'KEY_FILE'].map((name) => [
        `PIX_${name}`,
        ' is not set',
      ]),
    ],
  )
})

test('a secret that does not fit is not shown', () => {
  const [fault, ...more] = faultsOf({ PAYMENT_WEBHOOK_SECRETS: 'too-short' })
  assert.match(fault ?? '', /^ {2}PAYMENT_WEBHOOK_SECRETS=…: /)
  assert.deepEqual(more, [])
})

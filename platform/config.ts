/** All configuration, read from the environment once, against a schema. A bad start lists every fault. */
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'

const Port = (standard: number) => Type.Integer({ minimum: 0, maximum: 65_535, default: standard })
const Seconds = (standard: number) => Type.Number({ exclusiveMinimum: 0, maximum: 86_400, default: standard })

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
  DATABASE_PREFIX: Type.String({
    pattern: '^[a-z0-9_]{0,40}$',
    default: '',
    description: "Prefix of each service's database name",
  }),
  DATABASE_POOL_SIZE: Type.Integer({ minimum: 2, maximum: 200, default: 10, description: 'Connections per service' }),
  PORT_CLIENTE: Port(8080),
  PORT_VEICULO: Port(8081),
  PORT_PAGAMENTO: Port(8082),
  PORT_ORQUESTRADOR: Port(8083),
  PORT_POSTGRES: Port(5432),
  HOST: Type.String({ default: '127.0.0.1', description: 'Address that the HTTP servers listen on' }),
  BUS: Type.Enum(['embedded'], { default: 'embedded' }),
  PAYMENT_CODE_TTL_SECONDS: Seconds(1_800),
  SAGA_STEP_TIMEOUT_SECONDS: Seconds(30),
  LOG_LEVEL: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], { default: 'warn' }),
})

export type Config = Static<typeof ConfigSchema>

export class BadConfiguration extends Error {}

/** Throws BadConfiguration with a line for each variable that is wrong. Empty variables count as absent. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(
    Object.entries(ConfigSchema.properties)
      .filter(([name]) => environment[name])
      .map(([name, schema]) => [name, parsed(schema, environment[name] ?? '')]),
  )
  const config = Value.Default(ConfigSchema, given)
  const check = Compile(ConfigSchema)
  if (check.Check(config)) return config
  const faults = check.Errors(config).map(({ instancePath, message }) => {
    const name = instancePath.slice(1)
    return `${name}=${withoutPassword(environment[name])}: ${message}`
  })
  throw new BadConfiguration(`The configuration is wrong:\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
}

/** Only plain decimals are numbers: a library's conversion takes `80.5` for port 80 and `true` for port 1. */
const parsed = (schema: object, text: string) =>
  'type' in schema && schema.type !== 'string' && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text

const withoutPassword = (text = '') => text.replace(/\/\/.*@/, '//…@')

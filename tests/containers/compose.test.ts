/**
 * docker-compose.yml without an engine: compared with the Compose specification, with Docker Compose's own reading of it, and with
 * the services' own definitions.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { promisify } from 'node:util'
import Ajv2019 from 'ajv/dist/2019.js'
import { parse } from 'yaml'
import { processes, processNames, services as roster } from '#contracts'
import { readConfig } from '#platform/config'
import { composeFile, FILE, filledIn, ours, serviceNamed, services } from './compose-file.ts'

const execute = promisify(execFile)
const ROOT = new URL('.', FILE).pathname

/** Where the Compose specification's schema may be: Debian's docker-compose brings it. */
const SCHEMA = '/usr/lib/python3/dist-packages/compose/config/compose_spec.json'
const NO_SCHEMA = "the Compose specification's schema is not on this machine: apt-get install docker-compose"

test('it fits the Compose specification’s schema', { skip: existsSync(SCHEMA) ? false : NO_SCHEMA }, () => {
  const ajv = new Ajv2019.default({ strict: false, allErrors: true, validateFormats: false })
  // names as an older draft of JSON Schema writes them, which nothing in it refers to
  const withoutNames = (key: string, value: unknown) =>
    ['id', '$schema'].includes(key) && typeof value === 'string' ? undefined : value
  const schema = JSON.parse(readFileSync(SCHEMA, 'utf8'), withoutNames)
  const isValid = ajv.compile(schema)
  assert.ok(isValid(composeFile), JSON.stringify(isValid.errors, undefined, 1))
  assert.ok(!isValid({ services: { a: { imagine: 'b' } } }), 'the check sees nothing')
})

const composes = [['docker', 'compose'], ['docker-compose']] as const
const compose = (await Promise.all(composes.map(async (words) => ((await runs(words)) ? [words] : [])))).flat()[0]
const NO_COMPOSE = 'Docker Compose is not on this machine'

test('Docker Compose reads it, and puts variables of the environment in', {
  skip: compose ? false : NO_COMPOSE,
}, async () => {
  const [program, ...words] = compose ?? assert.fail()
  const { stdout } = await execute(program, [...words, '--profile', 'test', 'config'], {
    cwd: ROOT,
    env: { ...process.env, PORT_GATEWAY: '9000', BIND_ADDRESS: '0.0.0.0', POSTGRES_PASSWORD: 'another' },
  })
  const read = parse(stdout).services
  assert.deepEqual(Object.keys(read).sort(), Object.keys(services).sort())
  assert.match(JSON.stringify(read.gateway.ports), /9000/)
  assert.match(JSON.stringify(read.gateway.ports), /0\.0\.0\.0/)
  assert.match(read.orquestrador.environment.DATABASE_URL, /postgres:another@/)
  assert.equal(read.postgres.environment.POSTGRES_PASSWORD, 'another')
})

test('every service stands at its port of the contract, which a variable changes, and is open to this machine alone', () => {
  const others = { postgres: { port: ['PORT_POSTGRES', 5432] }, pubsub: { port: ['PORT_PUBSUB', 8085] } } as const
  for (const [
    name,
    {
      port: [variable, port],
    },
  ] of [...Object.entries(processes), ...Object.entries(others)])
    assert.deepEqual(serviceNamed(name).ports, [`\${BIND_ADDRESS:-127.0.0.1}:\${${variable}:-${port}}:${port}`])
})

test('each of our containers starts its own service from the one image', () => {
  assert.deepEqual(ours.map(([name]) => name).sort(), [...processNames, 'test', 'web'].sort())
  assert.equal(new Set(ours.map(([, { image }]) => image)).size, 1)
  for (const name of processNames) assert.deepEqual(serviceNamed(name).command, ['node', 'app/service.ts', name])
})

test('our containers can write only to the volumes that they are given, and have none of root’s rights', () => {
  for (const [name, service] of ours) {
    assert.equal(service.read_only, true, name)
    assert.deepEqual(service.cap_drop, ['ALL'], name)
    assert.deepEqual(service.security_opt, ['no-new-privileges:true'], name)
  }
})

test('every variable that it sets is one that the services know and take', () => {
  const known = Object.keys(readConfig({}))
  const optional = [
    'DATABASE_URL',
    'PUBSUB_EMULATOR_HOST',
    'PUBLIC_ORIGIN',
    'WEB_URL',
    'SMTP_URL',
    ...Object.values(roster).map(({ url }) => url),
  ]
  for (const [name, { environment = {} }] of ours) {
    for (const variable of Object.keys(environment))
      assert.ok([...known, ...optional, 'NODE_ENV'].includes(variable), `${name}: ${variable}`)
    const standards = Object.entries(environment).map(([key, text]) => [key, filledIn(text)])
    readConfig({ BUS: 'pubsub', ...Object.fromEntries(standards) })
  }
})

test('addresses name containers of this file, at the ports where those listen', () => {
  for (const [name, { environment = {} }] of ours)
    for (const [variable, address] of Object.entries(environment).filter(
      ([key]) => key.endsWith('_URL') && key !== 'SMTP_URL',
    )) {
      const { hostname, port } = new URL(filledIn(address))
      assert.ok(serviceNamed(hostname).ports?.[0]?.endsWith(`:${port}`), `${name}: ${variable}=${address}`)
    }
})

test('published ports believe no forwarded address, and the gateway limits each address', () => {
  for (const name of processNames) {
    const { TRUSTED_PROXIES = '0', RATE_LIMIT_PER_ADDRESS } = serviceNamed(name).environment ?? {}
    assert.equal(TRUSTED_PROXIES, '0', name)
    assert.equal(RATE_LIMIT_PER_ADDRESS, name === 'gateway' ? undefined : '0', name)
  }
})

test('nothing starts before its dependencies are healthy, and each of those has a health check', () => {
  const checked = (name: string) =>
    serviceNamed(name).healthcheck ?? serviceNamed(name).image.startsWith('mercado-veiculo:')
  for (const [name, { depends_on = {} }] of ours) {
    assert.notDeepEqual(depends_on, {}, name)
    for (const [other, { condition }] of Object.entries(depends_on)) {
      assert.equal(condition, 'service_healthy')
      assert.ok(checked(other), `${other} has no health check`)
    }
  }
})

test("PostgreSQL's data is kept where its image puts it since version 18", () => {
  assert.deepEqual(serviceNamed('postgres').volumes, ['postgres:/var/lib/postgresql'])
})

function runs([program, ...words]: readonly [string, ...string[]]): Promise<boolean> {
  return execute(program, [...words, 'version']).then(
    () => true,
    () => false,
  )
}

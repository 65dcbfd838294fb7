/** One service as a process of its own: how it starts on existing or missing parts, and when it refuses to start. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { findPubsubEmulator, freePort, startPubsubEmulator } from '../../app/cluster/pubsub-emulator.ts'
import { databasePrefix, testServer } from '../fixtures/database.ts'
import { until } from '../fixtures/system.ts'
import { freshProject, withoutEmulator } from './emulator.ts'

function run(service: string, environment: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [new URL('../../app/service.ts', import.meta.url).pathname, service], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PUBSUB_EMULATOR_HOST: '', DATABASE_URL: '', BUS: '', LOG_LEVEL: 'warn', ...environment },
  })
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    said.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    said.err += chunk
  })
  return { child, said, ended: once(child, 'close') }
}

test('a service alone on the embedded bus refuses to start, and says everything that is missing', async () => {
  const { child, said, ended } = run('orquestrador', {})
  await ended
  assert.equal(child.exitCode, 1)
  assert.match(said.err, /BUS=embedded: that bus carries messages within one process/)
  assert.match(said.err, /DATABASE_URL is not set/)
})

test('an unknown service is not started, and the known ones are named', async () => {
  const { child, said, ended } = run('armazem-service', {})
  await ended
  assert.equal(child.exitCode, 1)
  assert.match(
    said.err,
    /cliente-service\|veiculo-service\|pagamento-service\|identidade-service\|avisos-service\|orquestrador\|gateway/,
  )
})

test('the gateway needs neither a bus nor a database of its own', async () => {
  const own = await freePort()
  const { child, said, ended } = run('gateway', { PORT_GATEWAY: String(own) })
  await until('it answers', async () => {
    assert.equal(child.exitCode, null, said.err)
    return await fetch(`http://127.0.0.1:${own}/health`).catch(() => undefined)
  })
  child.kill('SIGTERM')
  await ended
  assert.equal(child.exitCode, 0)
})

const skip = withoutEmulator || (!findPubsubEmulator() && 'needs an emulator that it can start late')

test('a service that is started before Pub/Sub waits for it, and then takes traffic', { skip }, async () => {
  const [port, own] = [await freePort(), await freePort()]
  const { child, said, ended } = run('pagamento-service', {
    BUS: 'pubsub',
    PUBSUB_EMULATOR_HOST: `127.0.0.1:${port}`,
    PROJECT_ID: freshProject(),
    DATABASE_URL: testServer(),
    DATABASE_PREFIX: databasePrefix(),
    PORT_PAGAMENTO: String(own),
  })
  await until('it says that it waits', async () => said.out.includes('Pub/Sub cannot be reached yet'))
  await using _emulator = await startPubsubEmulator({ port })
  await until('it is ready', async () => {
    assert.equal(child.exitCode, null, said.err)
    const answer = await fetch(`http://127.0.0.1:${own}/ready`).catch(() => undefined)
    return answer?.status === 200
  })
  child.kill('SIGTERM')
  await ended
  assert.equal(child.exitCode, 0)
})

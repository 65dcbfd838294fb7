/** Every command of the Makefile for Google Cloud, run against stand-ins: refusals, setting up, deleting, looking. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { AGENT, assertCalls, changes, DESTROY, INIT, loggedIn, newProject, PASSWORD, secret } from './cloud.ts'
import { runScript } from './fake-tools.ts'

const COMMANDS = [
  'setup',
  'setup-backend',
  'deploy',
  'deploy-sql',
  'deploy-code',
  'destroy',
  'destroy-sql',
  'destroy-app',
  'info',
  'first-admin',
]
for (const command of COMMANDS) {
  test(`make ${command} without a login changes nothing and says how to log in`, async () => {
    const { code, output, calls } = await runScript(command)
    assert.equal(code, 1)
    assert.match(output, /gcloud auth login/)
    assert.deepEqual(changes(calls), [])
  })

  test(`make ${command} without gcloud says what is missing`, async () => {
    const { code, output, calls } = await runScript(command, { without: ['gcloud'] })
    assert.equal(code, 1)
    assert.match(output, /This needs gcloud/)
    assert.deepEqual(calls, [])
  })
}

for (const command of COMMANDS.filter((name) => name !== 'setup'))
  test(`make ${command} before make setup says so`, async () => {
    const { code, output, calls } = await runScript(command, { rules: [loggedIn], settings: null })
    assert.equal(code, 1)
    assert.match(output, /Run: make setup/)
    assert.deepEqual(changes(calls), [])
  })

test("make deploy without Terraform's own login says how to get it", async () => {
  const rules = [loggedIn, { when: /application-default/, fails: true }]
  const { code, output, calls } = await runScript('deploy', { rules })
  assert.equal(code, 1)
  assert.match(output, /gcloud auth application-default login/)
  assert.deepEqual(changes(calls), [])
})

test('the first make setup asks, enables the APIs, and keeps the password without showing it', async () => {
  const { code, output, calls, given, settings } = await runScript('setup', {
    rules: newProject,
    settings: null,
    typed: ['mercado-test', '', '', PASSWORD, PASSWORD],
  })
  assert.equal(code, 0, output)
  assertCalls(changes(calls), [
    /^gcloud services enable artifactregistry\.googleapis\.com .*sts\.googleapis\.com$/,
    AGENT,
    'gcloud secrets create mercado-database-admin --replication-policy=user-managed --locations=southamerica-east1',
    'gcloud secrets versions add mercado-database-admin --data-file=-',
  ])
  assert.equal(given['gcloud secrets versions add mercado-database-admin --data-file=-'], PASSWORD)
  assert.ok(!output.includes(PASSWORD), 'the password was shown')
  assert.ok(!calls.some((call) => call.includes(PASSWORD)), 'the password was an argument')
  assert.equal(settings, 'PROJECT_ID=mercado-test\nREGION=southamerica-east1\nENVIRONMENT=dev\n')
})

test('make setup makes up a long password when none is typed', async () => {
  const { code, given } = await runScript('setup', { rules: newProject, typed: ['', '', '', ''] })
  assert.equal(code, 0)
  assert.match(Object.values(given)[0] ?? '', /^[A-Za-z0-9]{30,}$/)
})

test('the second make setup offers what it knows and leaves the password alone', async () => {
  const rules = [loggedIn, ...secret]
  const { code, output, calls } = await runScript('setup', { rules, typed: ['', '', ''] })
  assert.equal(code, 0, output)
  assert.match(output, /Project id \[mercado-test\]/)
  assertCalls(changes(calls), [/^gcloud services enable /, AGENT])
})

test('make setup asks again when an answer can not be right, and refuses passwords that differ or are short', async () => {
  const typed = ['Not A Project', 'mercado-test', '', '']
  const different = await runScript('setup', {
    rules: newProject,
    settings: null,
    typed: [...typed, PASSWORD, 'another one'],
  })
  assert.equal(different.code, 1)
  assert.match(different.output, /That can't be right/)
  assert.match(different.output, /They differ/)
  assert.deepEqual(different.given, {})
  const short = await runScript('setup', { rules: newProject, settings: null, typed: [...typed, 'short'] })
  assert.equal(short.code, 1)
  assert.deepEqual(short.given, {})
})

test('make setup for a project that is not there changes nothing', async () => {
  const rules = [loggedIn, { when: /^gcloud projects describe/, fails: true }]
  const { code, output, calls, settings } = await runScript('setup', {
    rules,
    settings: null,
    typed: ['nobodys-project', '', ''],
  })
  assert.equal(code, 1)
  assert.match(output, /There is no project nobodys-project/)
  assert.deepEqual(changes(calls), [])
  assert.equal(settings, '')
})

test('make setup-backend makes the bucket once and keeps its versions', async () => {
  const versioning = 'gcloud storage buckets update gs://mercado-test-mercado-tfstate --versioning'
  const first = await runScript('setup-backend', { rules: newProject })
  assert.deepEqual(changes(first.calls), [
    'gcloud storage buckets create gs://mercado-test-mercado-tfstate --location=southamerica-east1 --uniform-bucket-level-access --public-access-prevention',
    versioning,
    INIT,
  ])
  const second = await runScript('setup-backend', { rules: [loggedIn] })
  assert.deepEqual(changes(second.calls), [versioning, INIT])
})

/** By itself and last: Cloud Run holds addresses in it for a while. */
const NETWORK = `${DESTROY} -target=module.network`
const DESTRUCTIVE = {
  destroy: `${DESTROY} ${['edge', 'delivery', 'monitoring', 'services', 'messaging', 'secrets', 'registry', 'sql', 'storage', 'identities'].map((name) => `-target=module.${name}`).join(' ')}`,
  'destroy-sql': `${DESTROY} -target=module.sql`,
  'destroy-app': `${DESTROY} -target=module.edge -target=module.services`,
}
for (const [command, call] of Object.entries(DESTRUCTIVE)) {
  test(`make ${command} goes on only when the project's name is typed in full`, async () => {
    const rules = [loggedIn, ...secret]
    for (const typed of [[], ['yes'], ['mercado'], ['MERCADO-TEST']]) {
      const { code, output, calls } = await runScript(command, { rules, typed })
      assert.equal(code, 1)
      assert.match(output, /Nothing was changed/)
      assert.deepEqual(changes(calls), [])
    }
    const { code, output, calls } = await runScript(command, { rules, typed: ['mercado-test'] })
    assert.equal(code, 0, output)
    assert.deepEqual(changes(calls), [INIT, call, ...(command === 'destroy' ? [NETWORK] : [])])
  })
}

test('make destroy says when to come back while Google holds the network', async () => {
  const rules = [loggedIn, ...secret, { when: /destroy.*module\.network/, fails: true }]
  const { code, output } = await runScript('destroy', { rules, typed: ['mercado-test'] })
  assert.equal(code, 1)
  assert.match(output, /Run the same command again in two hours/)
})

test('make destroy names every module but the keys', () => {
  const modules = readdirSync(new URL('../../infrastructure/terraform/modules', import.meta.url))
  const named = [...`${DESTRUCTIVE.destroy} ${NETWORK}`.matchAll(/module\.(\w+)/g)].map(([, name]) => name)
  assert.deepEqual([...named, 'kms'].sort(), modules.sort())
})

for (const command of ['destroy', 'destroy-sql'])
  test(`make ${command} refuses while the database is protected, and says how to unprotect it`, async () => {
    const rules = [loggedIn, ...secret, { when: /^gcloud sql instances list/, says: 'True' }]
    const { code, output, calls } = await runScript(command, { rules, typed: ['mercado-test'] })
    assert.equal(code, 1)
    assert.match(output, /deletion_protection = false/)
    assert.deepEqual(changes(calls), [])
  })

test('make info changes nothing, even when there is nothing to see', async () => {
  const deployed = await runScript('info', {
    rules: [loggedIn, { when: /^terraform .*output/, says: 'public_url = "…"' }],
  })
  assert.equal(deployed.code, 0)
  assert.match(deployed.output, /public_url/)
  assert.deepEqual(changes(deployed.calls), [INIT])
  const rules = [loggedIn, { when: /^(terraform|gcloud (run|sql))/, fails: true }]
  const { code, output } = await runScript('info', { rules })
  assert.equal(code, 0)
  assert.match(output, /Nothing has been deployed from here yet/)
})

test('settings that are not a project, a region or an environment are refused before they reach a command', async () => {
  const environment = { PROJECT_ID: 'x; rm -rf /' }
  const { code, output, calls } = await runScript('destroy', { rules: [loggedIn], environment })
  assert.equal(code, 1)
  assert.match(output, /can't be right/)
  assert.deepEqual(changes(calls), [])
})

/** `make deploy` and its parts, run against stand-ins: which calls, in which order, and the way back when something fails. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { openLog } from '#platform/log'
import {
  AGENT,
  APPLY,
  assertCalls,
  changes,
  FACTS,
  INIT,
  image,
  loggedIn,
  migrations,
  missingImage,
  NEW,
  newProject,
  OLD,
  PASSWORD,
  ROLLED_OUT,
  ready,
  rollOut,
  secret,
  services,
} from './cloud.ts'
import { type Rule, runScript } from './fake-tools.ts'

test('the first make deploy goes from APIs to addresses', async () => {
  const rules = [...secret, ...services('us-docker.pkg.dev/cloudrun/container/hello'), ready, ...newProject]
  const { code, output, calls } = await runScript('deploy', { rules })
  assert.equal(code, 0, output)
  assertCalls(changes(calls), [
    /^gcloud services enable /,
    AGENT,
    /^gcloud storage buckets create /,
    /^gcloud storage buckets update /,
    INIT,
    APPLY,
    ...image,
    'gcloud run jobs execute database-grants --wait',
    ...migrations,
    ...ROLLED_OUT.flatMap(rollOut),
    INIT,
  ])
  assert.equal(calls.at(-1), 'terraform output')
  assert.ok(!output.includes(PASSWORD) && !calls.some((call) => call.includes(PASSWORD)), 'the password was shown')
})

test('make deploy again, with nothing new, applies and moves nothing', async () => {
  const { code, output, calls } = await runScript('deploy', { rules: [loggedIn, ...secret, ...services(NEW), ready] })
  assert.equal(code, 0, output)
  assertCalls(changes(calls), [
    /^gcloud services enable /,
    AGENT,
    /^gcloud storage buckets update /,
    INIT,
    APPLY,
    'gcloud run jobs execute database-grants --wait',
    ...migrations,
    INIT,
  ])
})

test('make deploy stops when Terraform fails, before any code is rolled out', async () => {
  const rules = [...secret, { when: /^terraform .*apply/, fails: true }, ...newProject]
  const { code, output, calls } = await runScript('deploy', { rules })
  assert.equal(code, 1)
  assert.match(output, /run the same command again/)
  assert.equal(changes(calls).at(-1), APPLY)
})

test('make deploy leaves the question to Terraform unless it is told to approve', async () => {
  const rules = [loggedIn, ...secret, ...services(NEW), ready]
  const { calls } = await runScript('deploy', { rules, environment: { AUTO_APPROVE: '' } })
  assert.ok(calls.includes('terraform apply -var-file=environments/dev.tfvars'))
})

test('make deploy-sql applies the database and opens it to its services when they are there', async () => {
  const first = await runScript('deploy-sql', { rules: [...secret, ...newProject] })
  assert.equal(first.code, 0, first.output)
  assert.deepEqual(changes(first.calls), [INIT, `${APPLY} -target=module.sql`])
  const later = await runScript('deploy-sql', { rules: [loggedIn, ...secret] })
  assert.deepEqual(changes(later.calls), [
    INIT,
    `${APPLY} -target=module.sql`,
    'gcloud run jobs execute database-grants --wait',
  ])
})

test('make deploy-sql without the password of make setup applies nothing', async () => {
  const rules = [loggedIn, { when: /^gcloud secrets versions access/, fails: true }]
  const { code, output, calls } = await runScript('deploy-sql', { rules })
  assert.equal(code, 1)
  assert.match(output, /Run: make setup/)
  assert.deepEqual(changes(calls), [INIT])
})

test('make deploy-code builds, migrates and moves traffic in steps, the public door last', async () => {
  const { code, output, calls } = await runScript('deploy-code', {
    rules: [loggedIn, missingImage, ...services(OLD), ready],
  })
  assert.equal(code, 0, output)
  assertCalls(changes(calls), [
    ...image,
    'gcloud run jobs execute database-grants --wait',
    ...migrations,
    ...ROLLED_OUT.flatMap(rollOut),
  ])
})

test('every call names its project, asks no question, and names its region where it has one', async () => {
  const { whole } = await runScript('deploy', { rules: [loggedIn, missingImage, ...secret, ...services(OLD), ready] })
  const calls = whole.filter((call) => call.startsWith('gcloud ') && !call.startsWith('gcloud auth '))
  assert.ok(calls.length > 50)
  for (const call of calls) assert.match(call, / --project=mercado-test --quiet/)
  for (const call of calls.filter((call) => call.startsWith('gcloud run '))) assert.match(call, / --region=southam/)
})

test('an image is named after its commit, and after the time too while something is not committed', async () => {
  const head: Rule = { when: /^git .*rev-parse/, says: '0123456789ab' }
  const rules = [loggedIn, head, missingImage, ...services(OLD), ready]
  const clean = await runScript('deploy-code', { rules, environment: { IMAGE_TAG: '' } })
  assert.ok(clean.calls.includes('docker push REGISTRY/app:0123456789ab'), clean.output)
  const dirty = [{ when: /^git .*status/, says: ' M README.md' }, ...rules]
  const { calls } = await runScript('deploy-code', { rules: dirty, environment: { IMAGE_TAG: '' } })
  assert.ok(calls.some((call) => /^docker push REGISTRY\/app:0123456789ab-\d{14}$/.test(call)))
})

test('a migration that fails keeps the old code where it is', async () => {
  const rules = [loggedIn, ...services(OLD), ready, { when: /jobs execute.* migrate-pagamento-service/, fails: true }]
  const { code, calls } = await runScript('deploy-code', { rules })
  assert.notEqual(code, 0)
  assert.match(changes(calls).at(-1) ?? '', /^gcloud run jobs execute migrate-pagamento-service/)
})

const takenBack = (...names: readonly string[]) =>
  names.map((name) => `gcloud run services update-traffic ${name} --to-revisions=${name}-1=100`)

test("an error in the new code's log at half of the traffic takes everything back, the last first", async () => {
  const rules = [
    loggedIn,
    ...services(OLD),
    ready,
    { when: /^gcloud logging read.*veiculo-service-2/, times: 1 },
    { when: /^gcloud logging read.*veiculo-service-2/, says: 'an-error' },
  ]
  const { code, output, calls } = await runScript('deploy-code', { rules })
  assert.equal(code, 1)
  assert.match(output, /All traffic is where it was before/)
  assertCalls(changes(calls), [
    'gcloud run jobs execute database-grants --wait',
    ...migrations,
    ...rollOut('cliente-service'),
    ...rollOut('veiculo-service').slice(0, 3),
    ...takenBack('veiculo-service', 'cliente-service'),
  ])
})

/** As Cloud Logging orders them. */
const SEVERITIES = ['DEFAULT', 'DEBUG', 'INFO', 'NOTICE', 'WARNING', 'ERROR', 'CRITICAL', 'ALERT', 'EMERGENCY']

test('the roll-out looks for a service’s errors in the log, and not for warnings', async () => {
  const script = readFileSync(new URL('../../infrastructure/scripts/deploy-code.sh', import.meta.url), 'utf8')
  const [, least = ''] = /severity>=(\w+)"/.exec(script) ?? []
  const isFound = (line: string) => SEVERITIES.indexOf(JSON.parse(line).severity) >= SEVERITIES.indexOf(least)
  const lines: string[] = []
  const log = openLog('info', { service: 'veiculo-service' }, { write: (line) => void lines.push(line) })
  log.warn('a call was repeated')
  log.error({ err: new Error('planted') }, 'a request failed')
  log.fatal('nobody caught this')
  assert.deepEqual(lines.map(isFound), [false, true, true])
  const found = lines.filter(isFound).map((line) => JSON.parse(line).message)
  const rules = [
    loggedIn,
    ...services(OLD),
    ready,
    { when: /^gcloud logging read.*veiculo-service-2.* severity>=ERROR/, says: found.join('\\n') },
  ]
  const { code, calls } = await runScript('deploy-code', { rules })
  assert.equal(code, 1)
  assert.deepEqual(changes(calls).slice(-2), takenBack('veiculo-service', 'cliente-service'))
})

test('a revision that never gets ready takes no traffic, and the services before it go back', async () => {
  const rules = [
    loggedIn,
    ...services(OLD),
    ready,
    { when: /services update .* orquestrador --no-traffic/, fails: true },
  ]
  const { code, calls } = await runScript('deploy-code', { rules })
  assert.equal(code, 1)
  assert.deepEqual(changes(calls).slice(-3), takenBack('pagamento-service', 'veiculo-service', 'cliente-service'))
  assert.ok(!calls.some((call) => call.includes('orquestrador-2=')))
})

test('a way back that is blocked is said, and the others go back all the same', async () => {
  const rules = [
    loggedIn,
    ...services(OLD),
    ready,
    { when: /veiculo-service-1=100/, fails: true },
    { when: /services update .* pagamento-service --no-traffic/, fails: true },
  ]
  const { code, output, calls } = await runScript('deploy-code', { rules })
  assert.equal(code, 1)
  assert.match(output, /Not everything could be taken back/)
  assert.deepEqual(changes(calls).slice(-2), takenBack('veiculo-service', 'cliente-service'))
})

test('after a roll-out that broke off at half of the traffic, the way back leads to the revisions that served before it', async () => {
  const rules: Rule[] = [
    loggedIn,
    { when: /services describe.* veiculo-service .*traffic/, says: 'veiculo-service-2 50\\nveiculo-service-1 50' },
    { when: /services describe.* veiculo-service .*latestCreated/, says: 'veiculo-service-2', times: 1 },
    { when: /services describe.* veiculo-service .*latestCreated/, says: 'veiculo-service-3' },
    { when: /^gcloud logging read.*veiculo-service-3/, says: 'an-error' },
    ...services(OLD),
    ready,
  ]
  const { code, calls } = await runScript('deploy-code', { rules })
  assert.equal(code, 1)
  assert.ok(
    calls.includes(
      'gcloud run services update-traffic veiculo-service --to-revisions=veiculo-service-3=10,veiculo-service-1=90',
    ),
  )
  assert.deepEqual(changes(calls).slice(-2), takenBack('veiculo-service', 'cliente-service'))
})

test('a deployment that broke off goes on where new code does not run yet', async () => {
  const rules = [loggedIn, ...services(NEW).slice(0, FACTS), ...services(OLD), ready]
  const { code, output, calls } = await runScript('deploy-code', { rules })
  assert.equal(code, 0, output)
  assert.ok(!calls.some((call) => call.includes('services update cliente-service')))
  assert.ok(calls.some((call) => call.includes('services update veiculo-service')))
})

const LINK = 'https://api.example.com/convite/abc'
const inLog: Rule = { when: /^gcloud logging read.*staff-x1.*convite/, says: LINK }
const executed: Rule = { when: /^gcloud run jobs execute.* staff /, says: 'staff-x1' }

test('make first-admin runs the job and shows its link, once the log has it', async () => {
  const late = { ...inLog, says: '', times: 1 }
  const { code, output, calls } = await runScript('first-admin', {
    rules: [loggedIn, executed, late, inLog],
    typed: ['Ana Souza', 'ana@example.com'],
  })
  assert.equal(code, 0, output)
  assert.match(output, new RegExp(LINK))
  assert.deepEqual(changes(calls), [
    'gcloud run jobs execute staff --wait --format=value(metadata.name) --args=app/staff.ts,add,--name,Ana Souza,--email,ana@example.com,--role,admin',
  ])
})

test('make first-admin takes no name or address that would say something else to the job', async () => {
  for (const typed of [
    ['Ana,--role', 'ana@example.com'],
    ['Ana Souza', 'ana@example.com,--scope'],
    ['An', 'a@b.c'],
    [],
  ]) {
    const { code, output, calls } = await runScript('first-admin', { rules: [loggedIn, executed, inLog], typed })
    assert.equal(code, 1)
    assert.match(output, /Nothing was changed/)
    assert.deepEqual(changes(calls), [])
  }
})

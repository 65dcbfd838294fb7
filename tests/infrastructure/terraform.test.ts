/** The Terraform files, without a cloud: compared with the provider's schema, with each other, and with the code that they run. */

import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { processes, processNames, serviceNames, services } from '#contracts'
import { databaseNameOf } from '#host'
import { messagingList } from '../../infrastructure/messaging-list.ts'
import { faultsAgainst, faultsBetween, type Module, moduleOf, readModule } from './hcl.ts'
import { providerSchema } from './schema-provider.ts'
import { end, found, TERRAFORM, withTerraform } from './terraform-at-work.ts'

const root = await readModule(TERRAFORM)
const modules: Record<string, Module> = {}
for (const { source } of Object.values(root.calls))
  modules[String(source)] = await readModule(join(TERRAFORM, String(source)))
const everything = [root, ...Object.values(modules)]

test('every resource, argument and block is one that the provider knows, and none that it needs is missing', () => {
  assert.ok(everything.flatMap(({ resources }) => resources).length > 60)
  assert.deepEqual(
    everything.flatMap((module) => faultsAgainst(providerSchema, module)),
    [],
  )
})

test('modules get the variables that they need and have the outputs that are used; every variable and output is explained', () => {
  assert.equal(Object.keys(modules).length, globSync('modules/*', { cwd: TERRAFORM }).length)
  assert.deepEqual(faultsBetween(root, modules), [])
})

const WRONG: Readonly<Record<string, [string, RegExp]>> = {
  'an unknown resource': ['resource "google_pubsub_topik" "a" {\n name = "a"\n}', /no google_pubsub_topik/],
  'an unknown argument': ['resource "google_pubsub_topic" "a" {\n name = "a"\n colour = "red"\n}', /colour is unknown/],
  'a missing argument': ['resource "google_pubsub_topic" "a" {\n labels = {}\n}', /name is missing/],
  'an argument of another type': [
    'resource "google_pubsub_subscription" "a" {\n name = "a"\n topic = "b"\n ack_deadline_seconds = "soon"\n}',
    /ack_deadline_seconds is not a "number"/,
  ],
  'an unknown block': ['resource "google_pubsub_topic" "a" {\n name = "a"\n retry {\n }\n}', /retry is unknown/],
  'a missing argument in a dynamic block': [
    'resource "google_pubsub_subscription" "a" {\n name = "a"\n topic = "b"\n dynamic "dead_letter_policy" {\n for_each = []\n content {\n nothing = 1\n }\n }\n}',
    /dead_letter_policy.nothing is unknown/,
  ],
  'an attribute that can only be read': [
    'resource "google_secret_manager_secret_version" "a" {\n secret = "a"\n version = "1"\n}',
    /version can only be read/,
  ],
}
for (const [what, [text, fault]] of Object.entries(WRONG))
  test(`the check sees ${what}`, async () => {
    assert.match(faultsAgainst(providerSchema, await moduleOf('wrong', text)).join('\n'), fault)
  })

test('the check sees a module that is called wrongly', async () => {
  const called = await moduleOf('called', 'variable "needed" {\n}\noutput "given" {\n value = 1\n}')
  const text = 'module "m" {\n source = "called"\n other = 1\n}\noutput "o" {\n value = module.m.nothing\n}'
  const faults = faultsBetween(await moduleOf('root', text), { called }).join('\n')
  for (const fault of [/no variable other/, /not given needed/, /no output nothing/, /needed has no description/])
    assert.match(faults, fault)
})

test('the list of topics and subscriptions is the one that the code uses', () => {
  const file = JSON.parse(readFileSync(join(TERRAFORM, 'messaging.json'), 'utf8'))
  assert.deepEqual(file, messagingList(), 'run: npm run messaging')
})

test('the environments and the example set only variables that exist', async () => {
  for (const file of ['environments/dev.tfvars', 'environments/prod.tfvars', 'terraform.tfvars.example']) {
    const { text } = await moduleOf(file, await readFile(join(TERRAFORM, file), 'utf8'))
    const names = [...text.matchAll(/^(\w+)\s*=/gm)].map(([, name = '']) => name)
    assert.ok(names.length >= 4)
    assert.deepEqual(
      names.filter((name) => !root.variables[name]),
      [],
      file,
    )
  }
})

/** Variables of programs that read their environment outside platform/config.ts. */
const NOT_CONFIGURATION = ['NODE_ENV', 'PHOTO_BUCKET', 'PGHOST', 'PGDATABASE', 'PGSSLMODE', 'PGUSER']
const OF_MIGRATIONS = ['PGPASSWORD']

test('services and databases are those of the code, and the variables that they are given are ones that it reads', () => {
  const main = readFileSync(join(TERRAFORM, 'main.tf'), 'utf8')
  for (const name of serviceNames)
    assert.match(main, new RegExp(`${name} += \\{[^}]*database += "${databaseNameOf(name)}"`), name)
  for (const name of processNames)
    assert.match(main, new RegExp(`${name} += \\{[^}]*port_variable += "${processes[name].port[0]}"`), name)
  const { text = '' } = modules['./modules/services'] ?? {}
  const told = [...main.matchAll(/url_variable += "(\w+)"/g)].map(([, name = '']) => name)
  const urls: readonly string[] = Object.values(services).map(({ url }) => url)
  assert.deepEqual(
    told.filter((name) => name !== 'GATEWAY_URL' && name !== 'WEB_URL'),
    urls,
  )
  const given = [
    ...[...text.matchAll(/^ +([A-Z][A-Z_]+) +=/gm)].map(([, name = '']) => name),
    ...[...text.matchAll(/\bname += "([A-Z_]+)"/g)].map(([, name = '']) => name),
  ]
  assert.ok(given.length > 10)
  const config = ['config', 'cloud-settings']
    .map((file) => readFileSync(new URL(`../../platform/${file}.ts`, import.meta.url), 'utf8'))
    .join('\n')
  assert.deepEqual(
    given.filter(
      (name) => !NOT_CONFIGURATION.concat(OF_MIGRATIONS, urls).includes(name) && !config.includes(`${name}:`),
    ),
    [],
  )
})

test('the names of variables in the example are those of the schema that the code reads', () => {
  const text = readFileSync(join(TERRAFORM, 'terraform.tfvars.example'), 'utf8')
  const names = [
    ...[...text.matchAll(/environment = "(\w+)"/g)].map(([, name = '']) => name),
    ...[...text.matchAll(/^ {4}([A-Z][A-Z_]+) += /gm)].map(([, name = '']) => name),
  ]
  assert.ok(names.length >= 10)
  const variables = ['config', 'cloud-settings', 'shop-settings']
    .map((file) => readFileSync(new URL(`../../platform/${file}.ts`, import.meta.url), 'utf8'))
    .join('\n')
  assert.deepEqual(
    names.filter((name) => !variables.includes(`${name}:`)),
    [],
  )
})

test('services that stream are not cut off, and the mail server is reached', () => {
  assert.match(modules['./modules/services']?.text ?? '', /timeout += "3600s"\n\s+max_instance_request_concurrency/)
  assert.match(modules['./modules/network']?.text ?? '', /ports = \["443", "465", "587",/)
  assert.match(modules['./modules/edge']?.text ?? '', /json_parsing = "STANDARD"/)
})

test('whoever pulls the database up is let in before a service needs it', () => {
  for (const [name, needed] of [
    ['sql', 'google_project_iam_member.login'],
    ['kms', 'google_kms_crypto_key_iam_member.service'],
  ])
    assert.ok(modules[`./modules/${name}`]?.text.includes(`depends_on = [${needed}]`), name)
})

test('no secret is kept where Terraform remembers it', () => {
  for (const { resources, variables, path } of everything) {
    for (const { address, body } of resources)
      for (const name of ['secret_data', 'password', 'root_password', 'oauth2_client_secret'])
        assert.ok(!(name in body), `${address}.${name}: use ${name}_wo`)
    for (const [name, variable] of Object.entries(variables))
      if (/password$|secret_values|^values$/.test(name)) assert.equal(variable.ephemeral, true, `${path}: ${name}`)
  }
})

test('the rights of each service are as narrow as they can be', () => {
  const roles = everything.flatMap(({ resources }) =>
    resources.filter(({ type }) => type.includes('_iam_')).map(({ body }) => String(body.role)),
  )
  assert.ok(roles.length > 10)
  assert.deepEqual(
    roles.filter((role) => /roles\/(owner|editor|viewer)$|admin$/i.test(role)),
    [],
  )
  assert.ok(!everything.some(({ text }) => /allUsers|allAuthenticatedUsers/.test(text)))
})

test('the page for operators has every command, module and alert', () => {
  const page = readFileSync(join(TERRAFORM, '../../docs/deploy.md'), 'utf8')
  const alerts =
    /locals \{.*?\n\}\n/s.exec(readFileSync(join(TERRAFORM, 'modules/monitoring/main.tf'), 'utf8'))?.[0] ?? ''
  const names = [
    ...globSync('*.sh', { cwd: join(TERRAFORM, '../scripts') })
      .filter((file) => file !== 'common.sh')
      .map((file) => `make ${file.replace('.sh', '')}`),
    ...globSync('*', { cwd: join(TERRAFORM, 'modules') }),
    ...[...alerts.matchAll(/^ {4}(\w+) = \{$/gm)].map(([, name = '']) => name),
  ]
  assert.ok(names.length > 25)
  assert.deepEqual(
    names.filter((name) => !page.includes(`\`${name}\``)),
    [],
  )
})

const terraform = await found('terraform', ['version'])
const skip = terraform ? false : 'terraform is not on this machine'

test('terraform fmt has nothing to change', { skip }, async () => {
  const { code, output } = await end('terraform', ['fmt', '-check', '-recursive', '-diff', TERRAFORM])
  assert.equal(code, 0, output)
})

test("Terraform itself finds the configuration valid, and its tests pass, on the provider's schema", {
  skip,
}, async () => {
  await withTerraform(async (run) => {
    const validated = await run('validate', '-no-color')
    assert.equal(validated.code, 0, validated.output)
    const tested = await run('test', '-no-color')
    assert.equal(tested.code, 0, tested.output)
    assert.match(tested.output, /[1-9]\d* passed, 0 failed/)
  })
})

test('Terraform sees what is wrong by the same schema', { skip }, async () => {
  await withTerraform(async (run, folder) => {
    await writeFile(join(folder, 'wrong.tf'), 'resource "google_pubsub_topic" "wrong" {\n  colour = "red"\n}\n')
    const { code, output } = await run('validate', '-no-color')
    assert.equal(code, 1)
    assert.match(output, /"name" is required/)
    assert.match(output, /An argument named "colour" is not expected here/)
  })
})

const shellcheck = await found('shellcheck', ['--version'])

test('shellcheck has nothing to say', { skip: shellcheck ? false : 'shellcheck is not on this machine' }, async () => {
  const scripts = globSync('*.sh', { cwd: join(TERRAFORM, '../scripts') })
  assert.ok(scripts.length >= 10)
  const { code, output } = await end('shellcheck', ['--external-sources', ...scripts], {
    cwd: join(TERRAFORM, '../scripts'),
  })
  assert.equal(code, 0, output)
})

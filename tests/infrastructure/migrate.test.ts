/** The jobs of a deployment, on a real PostgreSQL: the grants of Terraform's job, then each service's migrations as the owner of its tables. */

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import pg from 'pg'
import { serviceNames } from '#contracts'

const run = promisify(execFile)
const ROOT = new URL('../../', import.meta.url).pathname
const SERVER = new URL(process.env.TEST_DATABASE_URL ?? '')
const ADMIN = 'mercado-admin'
const OWNER = 'mercado-migrations@mercado-test.iam'
const PASSWORD = 'only-for-this-test'

/** As Cloud SQL names the users of service accounts. */
const userOf = (service: string) => `mercado-${service}@mercado-test.iam`
/** One of our own for each run of the tests: databases are for the whole server. */
const databaseOf = (service: string) => `deployed_${service.replace('-', '_')}`

function urlOf(user: string, database: string, password = PASSWORD): string {
  const url = new URL(SERVER)
  Object.assign(url, { username: encodeURIComponent(user), password, pathname: `/${database}` })
  return url.href
}

async function queryAs(url: string, ...statements: readonly string[]) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}

/** The lines of jobs.tf, with a service's names put in. `\connect` is psql's own. */
function grantsFor(service: string): string[] {
  const text = readFileSync(`${ROOT}infrastructure/terraform/modules/services/jobs.tf`, 'utf8')
  const [, list = ''] = /for owner in values\(local\.owners\) : \[\n(.*?)\n\s*\]/s.exec(text) ?? []
  const lines = [...list.matchAll(/^\s*"(.*)",$/gm)].map(([, line = '']) =>
    JSON.parse(`"${line}"`)
      .replaceAll(`\${owner.database}`, databaseOf(service))
      .replaceAll(`\${owner.user}`, userOf(service))
      .replaceAll(`\${var.migrations_user}`, OWNER),
  )
  assert.equal(lines[0], `\\connect ${databaseOf(service)}`)
  return lines.slice(1)
}

const migrate = (service: string, environment: Record<string, string> = {}) =>
  run(process.execPath, ['infrastructure/migrate.ts', service], {
    cwd: ROOT,
    env: {
      ...process.env,
      MIGRATION_DATABASE_URL: urlOf(OWNER, databaseOf(service)),
      DATABASE_URL: urlOf(userOf(service), databaseOf(service)),
      ...environment,
    },
  })

/** As on Cloud SQL, where only the administrator makes an extension; plain PostgreSQL lets any user who may create do so. */
const NO_EXTENSIONS = [
  `create function refuse_extension() returns event_trigger language plpgsql as $$
   begin
     if session_user <> '${ADMIN}' and exists (select from pg_event_trigger_ddl_commands()) then
       raise insufficient_privilege using message = 'must be a member of cloudsqlsuperuser to create an extension';
     end if;
   end $$`,
  `create event trigger refuse_extension on ddl_command_end when tag in ('CREATE EXTENSION')
   execute function refuse_extension()`,
]

before(async () => {
  // Cloud SQL's administrator is no superuser: it may make databases and roles, and owns the databases
  await queryAs(SERVER.href, `create role "${ADMIN}" login createdb createrole password '${PASSWORD}'`)
  await queryAs(SERVER.href, `create role "${OWNER}" login password '${PASSWORD}'`)
  for (const service of serviceNames) {
    await queryAs(SERVER.href, `create role "${userOf(service)}" login password '${PASSWORD}'`)
    await queryAs(urlOf(ADMIN, 'postgres'), `create database ${databaseOf(service)}`)
    await queryAs(urlOf(decodeURIComponent(SERVER.username), databaseOf(service), SERVER.password), ...NO_EXTENSIONS)
    const grants = grantsFor(service)
    await queryAs(urlOf(ADMIN, databaseOf(service)), ...grants)
    await queryAs(urlOf(ADMIN, databaseOf(service)), ...grants) // every deployment runs them again
  }
})

after(async () => {
  for (const service of serviceNames) {
    await queryAs(SERVER.href, `drop database ${databaseOf(service)} with (force)`, `drop role "${userOf(service)}"`)
  }
  await queryAs(SERVER.href, `drop role "${OWNER}"`, `drop role "${ADMIN}"`)
})

for (const service of serviceNames)
  test(`the database of ${service} is migrated by the owner of its tables, and nothing is left to do the second time`, async () => {
    const first = await migrate(service)
    assert.match(first.stdout, /^Applied messaging\/0001_outbox\.sql, .*\/0001_/)
    const second = await migrate(service)
    assert.equal(second.stdout, 'Nothing new\n')
  })

test('a service works on the rows of its tables, and changes neither tables nor the record of acts', async () => {
  for (const service of serviceNames) {
    const url = urlOf(userOf(service), databaseOf(service))
    await queryAs(url, 'select from outbox', 'select from journal', 'select from migrations')
    for (const attempt of [
      'drop table outbox',
      'truncate journal',
      'delete from journal',
      'create table mine (id int)',
    ])
      await assert.rejects(queryAs(url, attempt), { code: '42501' }, attempt)
  }
})

test('the user who migrates cannot make extensions: the job has made those that are needed', async () => {
  const url = urlOf(OWNER, databaseOf('veiculo-service'))
  await assert.rejects(queryAs(url, 'create extension hstore'), /cloudsqlsuperuser/)
})

test('no service can so much as connect to the database of another', async () => {
  for (const service of serviceNames)
    for (const other of serviceNames.filter((name) => name !== service))
      await assert.rejects(queryAs(urlOf(userOf(service), databaseOf(other))), /permission denied for database/)
})

test('a migration that may not be applied ends with 1 and says why', async () => {
  const MIGRATION_DATABASE_URL = urlOf(userOf('cliente-service'), databaseOf('orquestrador'))
  await assert.rejects(migrate('cliente-service', { MIGRATION_DATABASE_URL }), { code: 1, stderr: /permission denied/ })
})

test('a job that is told of no service says which there are', async () => {
  await assert.rejects(migrate('nobody'), { code: 2, stderr: /Name one of cliente-service, veiculo-service/ })
})

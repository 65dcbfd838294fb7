/** Roles that somebody made by hand, each with one power too many: the check sees it on the role's own connection. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { databasePrefix, testServer } from '../../tests/fixtures/database.ts'
import { createDatabaseIfMissing, type Database, openDatabase } from './database.ts'
import { powersOver } from './powers.ts'
import { grantWork, type Narrow } from './role.ts'

const NARROW: Narrow = { tables: { told: ['select', 'insert'], told_head: ['select', 'update'] }, functions: [] }

const open = (url: string) => openDatabase({ url, poolSize: 2, onIdleError: () => {} })
const name = `${databasePrefix()}test`
const server = Object.assign(new URL(testServer()), { pathname: `/${name}` })
await createDatabaseIfMissing(server.href)
const root = open(server.href)
after(() => root[Symbol.asyncDispose]())
await root.query(`create role ${name}_owner`)
for (const table of [
  'told (id bigint, said text)',
  'told_head (id bigint)',
  'things (id bigint)',
  'migrations (name text)',
])
  await root.query(`create table ${table}`)
for (const table of ['told', 'told_head', 'things', 'migrations'])
  await root.query(`alter table ${table} owner to ${name}_owner`)
await root.query(`create function refuse() returns trigger language plpgsql as $$ begin raise 'no'; end $$`)
await root.query(`alter function refuse owner to ${name}_owner`)
await root.query('create trigger told_stays before update or delete on told for each row execute function refuse()')

let made = 0

/** A role that may work, with what `more` grants it; `ME` stands for its name. */
async function worker(...more: readonly string[]): Promise<Database> {
  made += 1
  const me = `${name}_${made}`
  await root.query(`create role ${me} login password 'given'`)
  await grantWork(root, me, NARROW)
  for (const statement of more) await root.query(statement.replaceAll('ME', me))
  const work = open(Object.assign(new URL(server), { username: me, password: 'given' }).href)
  after(() => work[Symbol.asyncDispose]())
  return work
}

test('a role with no more than the usual grants has no power over append-only tables', async () => {
  assert.deepEqual(await powersOver(await worker(), NARROW), [])
})

for (const [what, statements, powers] of [
  ['a superuser', ['alter role ME superuser'], /^is a superuser,owns/],
  ['one who may make roles', ['alter role ME createrole'], /^may make roles$/],
  [
    'one who becomes somebody who may make roles',
    [`create role ME_maker createrole`, `grant ME_maker to ME with inherit false`],
    /^is a member of \w+_maker$/,
  ],
  ['one who runs programs on the server', ['grant pg_execute_server_program to ME'], /pg_execute_server_program$/],
  [
    'one who becomes the owner of the tables',
    [`grant ${name}_owner to ME with inherit false`],
    /^owns tables,owns func/,
  ],
  [
    'one who owns the database, and so the schema',
    [`alter database ${name} owner to ME`],
    /^owns the database,owns the s/,
  ],
  ['one who owns the function of a trigger', ['alter function refuse owner to ME'], /^owns functions of triggers$/],
  ['one who may delete', ['grant delete on told to ME'], /^may delete in told$/],
  ['one who may change a single column', ['grant update (said) on told to ME'], /^may update in told$/],
  ['one who may empty a table', ['grant truncate on told_head to ME'], /^may truncate in told_head$/],
  ['one who puts a trigger there', ['grant trigger on told to ME'], /^may trigger in told$/],
  [
    'one who writes in every table',
    ['grant pg_write_all_data to ME'],
    /^may update and delete in told,may insert and d/,
  ],
] as const)
  test(`${what} is reported`, async () => {
    const work = await worker(...statements)
    assert.match((await powersOver(work, NARROW)).join(), powers)
    await root.query(`alter database ${name} owner to current_user`)
    await root.query(`alter function refuse owner to ${name}_owner`)
  })

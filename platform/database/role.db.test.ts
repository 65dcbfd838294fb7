/** The role of a service, from the side of an attacker who makes the service run a statement of theirs. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, test } from 'node:test'
import { databasePrefix, testServer } from '../../tests/fixtures/database.ts'
import { createDatabaseIfMissing, type Database, openDatabase } from './database.ts'
import { powersOver } from './powers.ts'
import { grantWork, makeRole, type Narrow } from './role.ts'

const NARROW: Narrow = { tables: { told: ['select', 'insert'] }, functions: ['forget_told(bigint)'] }

const open = (url: string) => openDatabase({ url, poolSize: 2, onIdleError: () => {} })

/** A database of a user who is no superuser and may make roles, as on a managed server, with two tables. */
async function place(password = randomBytes(12).toString('hex')) {
  const name = `${databasePrefix()}test`
  const server = Object.assign(new URL(testServer()), { pathname: `/${name}` })
  await createDatabaseIfMissing(server.href)
  const root = open(server.href)
  const admin = `${name}_admin`
  await root.query(`create role ${admin} login createrole password '${password}'`)
  await root.query(`alter database ${name} owner to ${admin}`)
  await root.query(`grant create, usage on schema public to ${admin}`)
  const owner = Object.assign(new URL(server), { username: admin, password }).href
  const database = open(owner)
  await database.query('create table things (id bigint primary key, of_serial serial)')
  await database.query('create table told (id bigint primary key)')
  await database.query('create view seen as select id from things union all select id from told')
  await database.query('create table migrations (name text primary key)')
  await database.query(
    `create function forget_told(which bigint) returns void language sql security definer set search_path = public, pg_temp
     as $$ delete from told where id = which $$`,
  )
  await database.query('revoke execute on function forget_told(bigint) from public')
  after(async () => {
    await database[Symbol.asyncDispose]()
    await root[Symbol.asyncDispose]()
  })
  return { owner, database, root, admin, name }
}

async function worker({ owner, database }: { owner: string; database: Database }) {
  const url = await makeRole(owner, database, NARROW)
  assert.ok(url)
  const work = open(url)
  after(() => work[Symbol.asyncDispose]())
  return { url, work }
}

const DENIED = { code: '42501' }

test('the role works with rows, and can change nothing about the tables they lie in', async () => {
  const { work } = await worker(await place())
  await work.query('insert into things (id) values (1), (2)')
  await work.query('update things set id = 3 where id = 1')
  await work.query('delete from things where id = 2')
  assert.deepEqual(await work.query('select id from things'), [{ id: 3 }])
  assert.deepEqual(await work.query('select id from seen'), [{ id: 3 }])
  assert.deepEqual(await powersOver(work, NARROW), [])
  for (const attempt of [
    'drop table things',
    'truncate things',
    'alter table things disable trigger all',
    'alter table things add column mine int',
    'create table mine (id int)',
    'create function mine() returns int language sql as $$ select 1 $$',
    'create temporary table mine (id int)',
    'create extension unaccent',
    `insert into migrations values ('mine')`,
    'set session_replication_role = replica',
    'create role mine',
  ])
    await assert.rejects(work.query(attempt), DENIED, attempt)
})

test('append-only rows are neither changed nor removed, except through the granted function', async () => {
  const { work } = await worker(await place())
  await work.query('insert into told values (1), (2)')
  await assert.rejects(work.query('update told set id = 3'), DENIED)
  await assert.rejects(work.query('delete from told'), DENIED)
  await work.query('grant delete on told to current_user') // PostgreSQL warns, and grants nothing
  await assert.rejects(work.query('delete from told'), DENIED)
  await work.query('select forget_told(1)')
  assert.deepEqual(await work.query('select id from told'), [{ id: 2 }])
})

test('no statement makes the role into the owner', async () => {
  const there = await place()
  const { work: attacker } = await worker(there)
  for (const attempt of ['reset role', 'set role none', 'reset session authorization'])
    await attacker.transaction(async (tx) => {
      await tx.query(attempt)
      assert.deepEqual(await tx.query('select current_user as who'), [{ who: `${there.name}_app` }], attempt)
    })
  await assert.rejects(attacker.query(`set role ${there.admin}`), DENIED)
  await assert.rejects(attacker.query(`set session authorization ${there.admin}`), DENIED)
})

test('every start finds the same role; a new table, and a grant that was widened by hand, are put right', async () => {
  const there = await place()
  const { url } = await worker(there)
  await there.database.query('create table later (id bigint primary key)')
  await there.database.query(`grant delete on told to ${there.name}_app`)
  const [again, atOnce] = await Promise.all([
    makeRole(there.owner, there.database, NARROW),
    makeRole(there.owner, there.database, NARROW),
  ])
  assert.deepEqual([again, atOnce], [url, url])
  const work = open(url)
  after(() => work[Symbol.asyncDispose]())
  await work.query('insert into later values (1)')
  await assert.rejects(work.query('delete from told'), DENIED)
})

test('an owner with a new password gives the role a new one', async () => {
  const there = await place()
  const { url } = await worker(there)
  const owner = Object.assign(new URL(there.owner), { password: 'another-one-of-theirs' }).href
  const renewed = await makeRole(owner, there.database, NARROW)
  assert.ok(renewed && renewed !== url)
  await using stale = open(url)
  await assert.rejects(stale.query('select'), { code: '28P01' })
})

test('an owner that may not make roles, or has no password, gets no role', async () => {
  const there = await place()
  await there.root.query(`alter role ${there.admin} nocreaterole`)
  assert.equal(await makeRole(there.owner, there.database, NARROW), undefined)
  assert.equal(
    await makeRole(Object.assign(new URL(there.owner), { password: '' }).href, there.database, NARROW),
    undefined,
  )
})

test('a role that somebody else has made gets the rights for its work, and no others', async () => {
  const there = await place()
  const user = `${there.name}_given`
  await there.root.query(`create role ${user} login password 'given'`)
  await grantWork(there.database, user, NARROW)
  await using work = open(Object.assign(new URL(there.owner), { username: user, password: 'given' }).href)
  await work.query('insert into told values (1)')
  await assert.rejects(work.query('delete from told'), DENIED)
  assert.deepEqual(await powersOver(work, NARROW), [])
})

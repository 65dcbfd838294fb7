/** Migrations on a real PostgreSQL: each runs once, even if many processes call at once. */
import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { testDatabase } from '../../tests/fixtures/database.ts'
import { until } from '../../tests/fixtures/system.ts'
import { makeExtensions, migrate } from './migrate.ts'

const folder = await mkdtemp(join(tmpdir(), 'mercado-veiculo-migrations-'))
after(() => rm(folder, { recursive: true, force: true }))

/** A service's directory of migrations with these files. */
async function room(service: string, files: Record<string, string>): Promise<URL> {
  const directory = join(folder, service, 'migrations')
  await mkdir(directory, { recursive: true })
  for (const [name, sql] of Object.entries(files)) await writeFile(join(directory, name), sql)
  return pathToFileURL(`${directory}/`)
}

const recorded = async (database: Awaited<ReturnType<typeof testDatabase>>['database']) =>
  (
    await database.query<{ name: string }>(
      `select name from migrations where name not like 'messaging/%' order by name`,
    )
  ).map(({ name }) => name)

test('what is new runs in the order of its names, is recorded by its service and name, and never runs again', async () => {
  const { database } = await testDatabase()
  const files = {
    '0002_fill.sql': '-- after the first;\ninsert into things (id) values (1);\ninsert into things (id) values (2);',
    '0001_make.sql': '-- what it is for\ncreate table things (id int primary key);\n',
    'notes.md': 'not a migration',
  }
  const first = await room('first', files)
  assert.deepEqual(await migrate(database, [first]), ['first/0001_make.sql', 'first/0002_fill.sql'])
  assert.deepEqual(await migrate(database, [first]), [])
  assert.equal((await database.query('select from things')).length, 2)

  await room('first', { '0003_more.sql': 'insert into things (id) values (3);\n' })
  assert.deepEqual(await migrate(database, [first]), ['first/0003_more.sql'])
  assert.deepEqual(await recorded(database), ['first/0001_make.sql', 'first/0002_fill.sql', 'first/0003_more.sql'])
})

test('files of one name in two directories are two migrations, run in the order of the directories', async () => {
  const { database } = await testDatabase()
  const ground = await room('ground', { '0001_start.sql': 'create table ground (id int primary key);\n' })
  const upper = await room('upper', { '0001_start.sql': 'create table upper (id int references ground);\n' })
  assert.deepEqual(await migrate(database, [ground, upper]), ['ground/0001_start.sql', 'upper/0001_start.sql'])
})

test('many processes that start at once run each migration once', async () => {
  const { database } = await testDatabase()
  const busy = await room('busy', {
    '0001_make.sql': 'create table busy (id int);\nselect pg_sleep(0.05);\n',
    '0002_fill.sql': 'insert into busy values (1);\n',
  })
  const applied = await Promise.all(Array.from({ length: 5 }, () => migrate(database, [busy])))
  assert.deepEqual(
    applied.flat().sort(),
    ['busy/0001_make.sql', 'busy/0002_fill.sql'],
    'one did all of it, the others waited',
  )
  assert.equal((await database.query('select from busy')).length, 1)
})

test('processes that start at the same time create an extension once', async () => {
  const { database } = await testDatabase()
  const directory = await room('extended', { '0001_words.sql': '-- needs the extension unaccent\nselect 1;' })
  for (let round = 0; round < 10; round++) {
    await database.query('drop extension if exists unaccent cascade')
    await Promise.all(Array.from({ length: 8 }, () => makeExtensions(database, [directory])))
    assert.equal((await database.query(`select from pg_extension where extname = 'unaccent'`)).length, 1)
  }
})

test('a migration that fails leaves nothing behind, keeps those before it, and runs once it is mended', async () => {
  const { database } = await testDatabase()
  const broken = await room('broken', {
    '0001_make.sql': 'create table broken (id int primary key);\n',
    '0002_fill.sql': 'insert into broken values (1);\ninsert into broken values (1);\n',
  })
  await assert.rejects(migrate(database, [broken]), /duplicate key/)
  assert.deepEqual(await recorded(database), ['broken/0001_make.sql'])
  assert.equal((await database.query('select from broken')).length, 0)
  await room('broken', { '0002_fill.sql': 'insert into broken values (1);\n' })
  assert.deepEqual(await migrate(database, [broken]), ['broken/0002_fill.sql'])
})

test('whoever uses a table keeps a migration waiting, and nobody else', async () => {
  const { database } = await testDatabase()
  const files = { '0001_make.sql': 'create table used (id int primary key);\ninsert into used values (1);\n' }
  const used = await room('used', files)
  await migrate(database, [used])
  await room('used', { '0002_widen.sql': 'alter table used add column note text;\n' })
  const { promise: over, resolve: end } = Promise.withResolvers<void>()
  const reader = database.transaction(async (tx) => {
    await tx.query('select from used')
    await over
  })
  const migrated = migrate(database, [used])
  try {
    await until('it has waited in vain', async () => {
      const [found] = await database.query<{ n: number }>(
        `select count(*)::int as n from pg_locks where not granted and relation = 'used'::regclass`,
      )
      return found?.n
    })
    assert.equal((await database.query('select from used')).length, 1, 'others read on, after a moment')
    assert.deepEqual(await recorded(database), ['used/0001_make.sql'])
  } finally {
    end() // otherwise the file would wait for the reader for ever
  }
  await reader
  assert.deepEqual(await migrated, ['used/0002_widen.sql'])
})

test('an index is built beside the writers, by one of many processes, and an unfinished one is built anew', async () => {
  const { database } = await testDatabase()
  const big = await room('big', {
    '0001_make.sql': 'create table big (id int primary key);\ninsert into big select generate_series(1, 1000);\n',
    '0002_index.sql':
      '-- outside a transaction\ndrop index concurrently if exists big_odd;\ncreate index concurrently big_odd on big ((id % 2));\n',
  })
  const applied = await Promise.all(Array.from({ length: 5 }, () => migrate(database, [big])))
  assert.deepEqual(applied.flat().sort(), ['big/0001_make.sql', 'big/0002_index.sql'])
  const isValid = () =>
    database.query<{ indisvalid: boolean }>(`select indisvalid from pg_index where indexrelid = 'big_odd'::regclass`)
  assert.deepEqual(await isValid(), [{ indisvalid: true }])
  await database.query(`update pg_index set indisvalid = false where indexrelid = 'big_odd'::regclass`)
  await database.query(`delete from migrations where name = 'big/0002_index.sql'`) // its process died in the middle
  assert.deepEqual(await migrate(database, [big]), ['big/0002_index.sql'])
  assert.deepEqual(await isValid(), [{ indisvalid: true }])
})

/** Migrations on a real PostgreSQL: each runs once, whoever calls and however many call at once. */
import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { testDatabase } from '../tests/database.ts'
import { migrate } from './migrate.ts'

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

test('a migration that fails leaves nothing of its run behind, and runs once it is mended', async () => {
  const { database } = await testDatabase()
  const broken = await room('broken', {
    '0001_make.sql': 'create table broken (id int primary key);\n',
    '0002_fill.sql': 'insert into broken values (1);\ninsert into broken values (1);\n',
  })
  await assert.rejects(migrate(database, [broken]), /duplicate key/)
  assert.deepEqual(await recorded(database), [])
  await room('broken', { '0002_fill.sql': 'insert into broken values (1);\n' })
  assert.equal((await migrate(database, [broken])).length, 2)
})

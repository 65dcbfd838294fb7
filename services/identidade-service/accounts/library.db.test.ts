/** The library's tables are those that its version needs: an upgrade that needs others fails here, not at a sign-in. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { getMigrations } from 'better-auth/db/migration'
import pg from 'pg'
import { pino } from 'pino'
import { systemIds } from '#platform/clock'
import { testDatabase } from '../../../tests/fixtures/database.ts'
import { optionsOf } from './library.ts'
import { passwords } from './passwords.ts'

const { database, databaseUrl } = await testDatabase(new URL('../migrations/', import.meta.url))
const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 })
after(() => pool.end())

const options = optionsOf({
  ...{ pool, database, ids: systemIds, passwords: passwords(), log: pino({ level: 'silent' }) },
  secret: 'a secret of thirty-two characters',
  publicOrigin: 'http://localhost:8000',
  audience: 'mercado-veiculo',
  sendCode: async () => {},
})

test('the library finds every table and column that it needs, and nothing to add', async () => {
  const { toBeCreated, toBeAdded } = await getMigrations(options)
  assert.deepEqual({ toBeCreated, toBeAdded }, { toBeCreated: [], toBeAdded: [] })
})

test('it would notice a column that is missing', async () => {
  await database.query('alter table "session" drop column "way"')
  const { toBeAdded } = await getMigrations(options)
  assert.deepEqual(
    toBeAdded.map(({ table, fields }) => [table, Object.keys(fields)]),
    [['session', ['way']]],
  )
})

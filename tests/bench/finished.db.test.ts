/**
 * The rows that a bench writes straight into the tables fit them. A migration that changes a table fails here, and not at
 * the next measurement.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serviceNames } from '#contracts'
import { databaseNameOf } from '#host'
import { migrationsOf } from '../../app/services.ts'
import { fillWithFinished } from '../../bench/finished.ts'
import { testDatabase } from '../fixtures/database.ts'

const PURCHASES = 3
/** Of one purchase: a saga and its six steps, a hold and its entry, a vehicle with papers and a reservation, a code and a payment. */
const ROWS = 7 + 2 + 3 + 2

test('finished purchases are filled into the tables as they are now', async () => {
  const urls = new Map<string, string>()
  for (const name of serviceNames) urls.set(databaseNameOf(name), (await testDatabase(migrationsOf(name))).databaseUrl)
  const urlOf = (database: string) => urls.get(database) ?? assert.fail(`no service has the database ${database}`)
  assert.equal(await fillWithFinished(urlOf, PURCHASES), PURCHASES * ROWS)
})

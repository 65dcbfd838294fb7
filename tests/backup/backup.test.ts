/** A dealership's data is saved while it sells, and restored: every purchase that was answered before is there, and ends. */
import assert from 'node:assert/strict'
import { appendFile, copyFile, cp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { deleteOlder, takeBackup } from '../../app/backup/base-backup.ts'
import { restoreBackup, verifyBackup } from '../../app/backup/restore-backup.ts'
import { startEmbeddedPostgres } from '../../app/embedded/postgres.ts'
import {
  type Api,
  buy,
  customerOf,
  customerWith,
  settled,
  startSystem,
  until,
  vehicleAt,
  vehicleOf,
} from '../fixtures/system.ts'
import { temporaryFolder } from '../fixtures/temporary-folder.ts'

const now = () => new Date()
const PRICE = 1_000
const KEY = 'key-encryption-key.json'

test('a backup taken amid purchases is one moment of all four databases: each purchase in it ends well, with its money', async () => {
  const { dataDirectory, into } = await folders()
  const running = await startOn(dataDirectory)
  const customer = await customerWith(running, { initial_balance: 100 * PRICE })
  const vehicles = await Promise.all(Array.from({ length: 60 }, () => vehicleAt(running, PRICE)))
  const before = await Promise.all(vehicles.slice(0, 30).map((vehicle) => buy(running, customer, vehicle)))
  const [{ folder }] = await Promise.all([
    takeBackup({ dataDirectory, into, now }),
    Promise.all(vehicles.slice(30).map((vehicle) => buy(running, customer, vehicle))),
  ])
  await running.system[Symbol.asyncDispose]()
  await rm(join(dataDirectory, 'postgres'), { recursive: true })

  await restoreBackup({ dataDirectory, from: folder, replace: false, now })
  const restored = await startOn(dataDirectory)
  for (const id of before) assert.equal((await settled(restored, id)).status, 'COMPLETED')
  let sold = 0
  for (const vehicle of vehicles) {
    const { status } = await atRest(restored, vehicle)
    if (status === 'sold') sold += 1
  }
  assert.ok(sold >= before.length)
  const { account_balance } = await customerOf(restored, customer)
  assert.equal(account_balance, (100 - sold) * PRICE, 'each sold vehicle was paid once, and nothing else')
})

/** The backups of a stopped system with one customer. */
const { dataDirectory, into } = await folders()
const first = await startOn(dataDirectory)
const kept = await customerWith(first)
await first.system[Symbol.asyncDispose]()
const whole = await takeBackup({ dataDirectory, into, now })
const keyless = await takeBackup({ dataDirectory, into, withoutKeys: true, now })

test('a stopped system can be saved too; a restore moves existing data aside when told to, and otherwise refuses', async () => {
  const from = whole.folder
  const second = await startOn(dataDirectory)
  const later = await customerWith(second)
  await assert.rejects(restoreBackup({ dataDirectory, from, replace: true, now }), /stop it first/)
  await second.system[Symbol.asyncDispose]()
  await assert.rejects(restoreBackup({ dataDirectory, from, replace: false, now }), /--replace/)

  const { aside } = await restoreBackup({ dataDirectory, from, replace: true, now })
  const restored = await startOn(dataDirectory)
  assert.equal((await customerOf(restored, kept)).id, kept)
  assert.equal((await customerOf(restored, later)).status, 404)
  await restored.system[Symbol.asyncDispose]()
  assert.ok(aside)
  await using old = await startEmbeddedPostgres({ directory: join(aside, 'postgres'), port: 0 })
  assert.ok(old.url, 'what was there still starts')
})

test('a backup without keys opens only with the key that was kept apart', async () => {
  assert.ok(keyless.manifest.files.every(({ path }) => path.startsWith('postgres/')))
  assert.ok(whole.manifest.files.some(({ path }) => path === `keys/${KEY}`))

  const elsewhere = join(dataDirectory, '..', 'elsewhere')
  await restoreBackup({ dataDirectory: elsewhere, from: keyless.folder, replace: false, now })
  await assert.rejects(startOn(elsewhere), /key-encryption-key\.json is missing: put it back/)
  assert.ok(!(await readdir(elsewhere)).includes(KEY), 'and none is made up instead')
  await copyFile(join(dataDirectory, KEY), join(elsewhere, KEY))
  assert.equal((await customerOf(await startOn(elsewhere), kept)).name, 'Ana Souza')
})

test('a backup that lost a file, or a bit of one, is noticed before anything is touched', async () => {
  const folder = join(dataDirectory, '..', 'damaged')
  await cp(whole.folder, folder, { recursive: true })
  assert.ok((await verifyBackup(folder)).files.some(({ path }) => path.startsWith('keys/')))

  await appendFile(join(folder, 'postgres', 'data', 'PG_VERSION'), ' ')
  await assert.rejects(verifyBackup(folder), /damaged: postgres\/data\/PG_VERSION is not what was saved/)
  await rm(join(folder, 'postgres', 'data', 'PG_VERSION'))
  await assert.rejects(restoreBackup({ dataDirectory, from: folder, replace: true, now }), /PG_VERSION is missing/)
  await rm(join(folder, 'manifest.json'))
  await assert.rejects(verifyBackup(folder), /no whole backup/)
  assert.ok((await readdir(join(dataDirectory, 'postgres'))).includes('data'), 'the data in place was not moved')
})

test('only the newest backups are kept, and nothing that is not a backup is deleted', async () => {
  const { dataDirectory, into } = await folders()
  await using _server = await startEmbeddedPostgres({
    directory: join(dataDirectory, 'postgres'),
    port: 0,
    durable: false,
  })
  for (const day of [1, 2, 3]) {
    await takeBackup({ dataDirectory, into, now: () => new Date(Date.UTC(2026, 0, day)) })
  }
  await appendFile(join(into, 'notes.txt'), 'mine')
  assert.deepEqual(await deleteOlder(into, 2), ['2026-01-01T00-00-00.000Z'])
  assert.deepEqual((await readdir(into)).sort(), ['2026-01-02T00-00-00.000Z', '2026-01-03T00-00-00.000Z', 'notes.txt'])
})

async function folders() {
  const home = await temporaryFolder('backup')
  return { dataDirectory: join(home, 'data'), into: join(home, 'backups') }
}

/** With an embedded server of its own in `DATA_DIR`. */
function startOn(dataDirectory: string) {
  return startSystem({ DATA_DIR: dataDirectory, DATABASE_URL: '', DATABASE_PREFIX: '', PORT_POSTGRES: '0' })
}

const atRest = (api: Api, vehicle: number) =>
  until(`vehicle ${vehicle} is sold or for sale`, async () => {
    const found = await vehicleOf(api, vehicle)
    return found.status !== 'reserved' && found
  })

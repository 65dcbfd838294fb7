/** A sealed value opens only at its place; keys are made once, and replaced while others seal. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { testDatabase } from '../../tests/fixtures/database.ts'
import { readDataKeys } from './data-key-store.ts'
import { keyFile } from './key-file.ts'
import { WrongKey } from './key-wrapper.ts'
import { rotateKeys } from './reseal-store.ts'
import { openVault } from './vault.ts'

const folder = await mkdtemp(join(tmpdir(), 'mercado-veiculo-vault-'))
after(() => rm(folder, { recursive: true }))
const wrapper = keyFile(join(folder, 'kek.json'), { makes: true })
const database = await withoutKeys()
const open = () => openVault(database, wrapper, 'cliente-service')
const [vault, other] = await Promise.all([open(), open(), open(), open()])
const seal = async (place: string, row: number, text: string) =>
  (await database.transaction((tx) => vault.sealing(tx))).seal(place, row, text)

test('many that open a new service’s vault at once make one key of each purpose', async () => {
  assert.deepEqual((await readDataKeys(database)).map(({ purpose }) => purpose).sort(), ['fingerprint', 'seal'])
})

test('a value comes back as it was, and never looks the same twice', async () => {
  for (const text of ['52998224725', '', 'São João d’El-Rei 🚗', 'x'.repeat(5_000)]) {
    const sealed = await seal('people.document', 7, text)
    assert.match(sealed, /^v1\.\d+\.[\w-]+$/)
    assert.equal(await other.open('people.document', 7, sealed), text)
    assert.notEqual(await seal('people.document', 7, text), sealed)
  }
})

test('a value opens nowhere but at its place and row, and not when a bit of it was changed', async () => {
  const sealed = await seal('people.document', 7, '52998224725')
  await assert.rejects(vault.open('people.document', 8, sealed))
  await assert.rejects(vault.open('people.phone', 7, sealed))
  const [version, key, text = ''] = sealed.split('.')
  const bytes = Buffer.from(text, 'base64url')
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = Buffer.from(bytes)
    changed[at] = (changed[at] ?? 0) ^ 1
    await assert.rejects(vault.open('people.document', 7, `${version}.${key}.${changed.toString('base64url')}`))
  }
  await assert.rejects(vault.open('people.document', 7, `v1.${key}.`), /is not sealed/)
  await assert.rejects(vault.open('people.document', 7, `v1.424242.${text}`), /424242 of cliente-service is gone/)
  await assert.rejects(vault.open('people.document', 7, '52998224725'), /people\.document is not sealed/)
})

test('equal values at one place have equal fingerprints, and no others have', async () => {
  const one = vault.fingerprint('people.document', '52998224725')
  assert.equal(one.length, 43)
  assert.equal(other.fingerprint('people.document', '52998224725'), one)
  assert.notEqual(vault.fingerprint('people.email', '52998224725'), one)
  assert.notEqual(vault.fingerprint('people.document', '52998224726'), one)
  const elsewhere = await openVault(await withoutKeys(), wrapper, 'cliente-service')
  assert.notEqual(elsewhere.fingerprint('people.document', '52998224725'), one, 'each database has a key of its own')
})

test('the keys of a service open with its own key-encryption key alone, and for no other service', async () => {
  await assert.rejects(openVault(database, wrapper, 'veiculo-service'), WrongKey)
  const foreign = keyFile(join(folder, 'foreign.json'), { makes: true })
  await foreign.wrap(randomBytes(32), 'c')
  await assert.rejects(openVault(database, foreign, 'cliente-service'), WrongKey)
  assert.equal((await readDataKeys(database)).length, 2, 'no new keys were made instead')
})

test('a new key seals from the moment on that it is the current one, in every process', async () => {
  const before = await seal('t.a', 1, 'old')
  assert.equal(await vault.replaceKey(), true)
  const { mark, seal: sealNow } = await database.transaction((tx) => other.sealing(tx))
  const after = sealNow('t.a', 1, 'new')
  assert.ok(after.startsWith(mark) && !before.startsWith(mark))
  assert.equal(await other.replaceKey(), false, 'a replacement that is not finished is gone on with')
  await vault.finishReplacement(new Date(0))
  assert.deepEqual([await vault.open('t.a', 1, after), await other.open('t.a', 1, before)], ['new', 'old'])
})

test('a key is not replaced before the transactions that seal with it have committed', async () => {
  const begun = Promise.withResolvers<string>()
  const finish = Promise.withResolvers<void>()
  const sealing = database.transaction(async (tx) => {
    begun.resolve((await vault.sealing(tx)).mark)
    await finish.promise
  })
  const old = await begun.promise
  let isReplaced = false
  const replacing = other.replaceKey().then(() => {
    isReplaced = true
  })
  await untilSomebodyWaits()
  assert.equal(isReplaced, false)
  // a later transaction waits too, and then seals with the new key
  const next = database.transaction(async (tx) => (await vault.sealing(tx)).mark)
  finish.resolve()
  await sealing
  await replacing
  const { mark } = await database.transaction((tx) => vault.sealing(tx))
  assert.notEqual(mark, old)
  assert.equal(await next, mark)
  await vault.finishReplacement(new Date(0))
})

test('rows are sealed anew under the current key, once, and open as before', async () => {
  await database.query(`create table secrets (number bigint primary key, one text not null, two text)`)
  const table = { name: 'secrets', key: 'number', columns: ['one', 'two'] }
  const sealer = await database.transaction((tx) => vault.sealing(tx))
  for (let number = 1; number <= 120; number += 1) {
    const { one, two } = sealer.sealAll('secrets', number, { one: `one ${number}`, two: number % 2 ? null : 'two' })
    await database.query(`insert into secrets values ($1, $2, $3)`, [number, one, two])
  }
  await vault.replaceKey()
  await database.transaction(async (tx) => {
    const { one, two } = (await vault.sealing(tx)).sealAll('secrets', 7, { one: 'one 7', two: null })
    tx.write(`update secrets set one = $1, two = $2 where number = 7`, [one, two])
  })
  const { mark } = await database.transaction((tx) => vault.sealing(tx))
  const first = await rotateKeys(database, other, [table], new Date())
  assert.deepEqual(first, { isNew: false, resealed: { secrets: 119 }, forgotten: 0 })
  const rows = await database.query<{ number: number; one: string; two: string | null }>('select * from secrets')
  for (const { number, ...sealed } of rows) {
    assert.ok(sealed.one.startsWith(mark))
    const opened = await vault.openAll('secrets', number, sealed)
    assert.deepEqual(opened, { one: `one ${number}`, two: number === 7 || number % 2 ? null : 'two' })
  }
  const second = await rotateKeys(database, vault, [table], new Date())
  assert.deepEqual(second, { isNew: true, resealed: { secrets: 120 }, forgotten: 0 })
})

test('data keys are wrapped anew, and stay the same keys', async () => {
  const sealed = await seal('t.a', 1, 'text')
  const before = await readDataKeys(database)
  assert.equal(await vault.rewrap(), before.length)
  const after = await readDataKeys(database)
  assert.ok(after.every(({ wrapped }, index) => wrapped !== before[index]?.wrapped))
  assert.equal(await (await open()).open('t.a', 1, sealed), 'text')
})

test('keys that seal nothing any more are forgotten a week later, and no others', async () => {
  const sealed = await seal('t.a', 1, 'text')
  const inAWeek = new Date(Date.now() + 8 * 86_400_000)
  await rotateKeys(database, vault, [], new Date())
  assert.equal(await (await open()).open('t.a', 1, sealed), 'text')
  const { forgotten } = await rotateKeys(database, vault, [], inAWeek)
  assert.ok(forgotten > 0)
  await assert.rejects((await open()).open('t.a', 1, sealed), /is gone/)
  assert.equal(await (await open()).open('t.a', 1, await seal('t.a', 1, 'new')), 'new')
})

/** A service's database before its first start with a vault. */
async function withoutKeys() {
  const { database } = await testDatabase()
  await database.query('delete from data_keys')
  return database
}

async function untilSomebodyWaits() {
  for (;;) {
    const waiting = await database.query(
      `select from pg_stat_activity where wait_event_type = 'Lock' and query like 'select pg_advisory_xact_lock(%'`,
    )
    if (waiting.length > 0) return
  }
}

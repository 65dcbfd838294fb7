/** Both key-encryption keys, the file and Cloud KMS, do the same: only they unwrap the keys that they wrapped, in the right context. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { startFakeKms } from '../../tests/fixtures/fake-kms.ts'
import { readConfig } from '../config.ts'
import { cloudKms } from './cloud-kms.ts'
import { keyFile } from './key-file.ts'
import { WrongKey } from './key-wrapper.ts'
import { openKeyWrapper } from './open-key-wrapper.ts'

const folder = await mkdtemp(join(tmpdir(), 'mercado-veiculo-keys-'))
after(() => rm(folder, { recursive: true }))
const kms = await startFakeKms()
after(() => kms[Symbol.asyncDispose]())

const KEY = 'projects/p/locations/southamerica-east1/keyRings/mercado/cryptoKeys/cliente-service'
const ofKms = (key: string) => cloudKms({ key, url: kms.url, metadata: kms.host, firstPauseMs: 1 })
const wrappers = {
  'a file': {
    own: keyFile(join(folder, 'one.json'), { makes: true }),
    other: keyFile(join(folder, 'two.json'), { makes: true }),
  },
  'Cloud KMS': { own: ofKms(KEY), other: ofKms(`${KEY}-2`) },
}

for (const [where, { own, other }] of Object.entries(wrappers)) {
  test(`${where} gives back what it wrapped, in the same context alone`, async () => {
    const key = randomBytes(32)
    const wrapped = await own.wrap(key, 'cliente-service seal')
    assert.deepEqual(await own.unwrap(wrapped, 'cliente-service seal'), key)
    assert.notEqual(await own.wrap(key, 'cliente-service seal'), wrapped)
    await assert.rejects(own.unwrap(wrapped, 'cliente-service fingerprint'), WrongKey)
    await assert.rejects(own.unwrap(`${wrapped.slice(0, -6)}AAAAAA`, 'cliente-service seal'), WrongKey)
    await other.wrap(key, 'cliente-service seal') // it has a key
    await assert.rejects(other.unwrap(wrapped, 'cliente-service seal'), WrongKey)
  })
}

test('many that start at once make one file, that only its owner reads', async () => {
  const path = join(folder, 'new', 'key.json')
  const key = randomBytes(32)
  const wrapped = await Promise.all(Array.from({ length: 8 }, () => keyFile(path, { makes: true }).wrap(key, 'c')))
  for (const one of wrapped) assert.deepEqual(await keyFile(path).unwrap(one, 'c'), key)
  assert.equal((await stat(path)).mode & 0o777, 0o600)
})

test('no key is made to unwrap with, nor where the configuration promises one', async () => {
  const path = join(folder, 'lost.json')
  const wrapped = await keyFile(path, { makes: true }).wrap(randomBytes(32), 'c')
  await rm(path)
  await assert.rejects(keyFile(path, { makes: true }).unwrap(wrapped, 'c'), /lost\.json is missing: put it back/)
  await assert.rejects(keyFile(path).wrap(randomBytes(32), 'c'), /is missing/)
  await assert.rejects(stat(path), /ENOENT/)
})

test('of several keys in a file the first wraps, and the others still unwrap', async () => {
  const path = join(folder, 'several.json')
  const [key, context] = [randomBytes(32), 'c']
  const before = await keyFile(path, { makes: true }).wrap(key, context)
  const { keys } = JSON.parse(await readFile(path, 'utf8'))
  const next = { kty: 'oct', kid: 'next', k: randomBytes(32).toString('base64url') }
  await writeFile(path, JSON.stringify({ keys: [next, ...keys] }))
  assert.match(await keyFile(path).wrap(key, context), /^next\./)
  assert.deepEqual(await keyFile(path).unwrap(before, context), key)
  await writeFile(path, JSON.stringify({ keys: [next] }))
  await assert.rejects(keyFile(path).unwrap(before, context), /is not the one/)
  await writeFile(path, JSON.stringify({ keys: [{ ...next, k: 'c2hvcnQ' }] }))
  await assert.rejects(keyFile(path).unwrap(before, context), /32 bytes/)
})

test('Cloud KMS that is busy or away for a moment is asked again; one that refuses is not', async () => {
  const key = randomBytes(32)
  const own = ofKms(KEY)
  const wrapped = await own.wrap(key, 'c')
  for (const status of [503, 429]) {
    kms.fail(status, 3)
    assert.deepEqual(await own.unwrap(wrapped, 'c'), key)
  }
  kms.asked.length = 0
  kms.fail(403, 1)
  await assert.rejects(own.unwrap(wrapped, 'c'), /cliente-service of Cloud KMS does not decrypt: 403 as it was told/)
  assert.deepEqual(kms.asked, [`decrypt ${KEY}`])
  const gone = cloudKms({ key: KEY, url: 'http://127.0.0.1:1', metadata: kms.host, firstPauseMs: 1 })
  await assert.rejects(gone.unwrap(wrapped, 'c'), WrongKey)
})

test('the configuration chooses: KMS_KEY before KEK_FILE before a file of DATA_DIR', () => {
  const file = { KEK_FILE: '/run/secrets/kek.json' }
  assert.match(openKeyWrapper(readConfig({ KMS_KEY: KEY, ...file })).name, /cryptoKeys\/cliente-service of Cloud KMS/)
  assert.match(openKeyWrapper(readConfig(file)).name, /run\/secrets/)
  assert.match(openKeyWrapper(readConfig({ DATA_DIR: 'here' })).name, /here\/key-encryption-key\.json/)
  assert.throws(() => readConfig({ KMS_KEY: 'cliente-service' }), /KMS_KEY/)
})

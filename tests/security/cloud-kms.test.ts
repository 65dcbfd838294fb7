/** The whole system with its key-encryption key in Cloud KMS: nothing is written to DATA_DIR, and the next start asks again. */
import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { serviceNames } from '#contracts'
import { databasePrefix } from '../fixtures/database.ts'
import { startFakeKms } from '../fixtures/fake-kms.ts'
import { customerOf, customerWith, startSystem } from '../fixtures/system.ts'

const KMS_KEY = 'projects/mercado/locations/southamerica-east1/keyRings/mercado/cryptoKeys/all'
const DATA_DIR = await mkdtemp(join(tmpdir(), 'mercado-veiculo-kms-'))
after(() => rm(DATA_DIR, { recursive: true, force: true }))
const kms = await startFakeKms()
after(() => kms[Symbol.asyncDispose]())
const environment = {
  ...{ DATA_DIR, DATABASE_PREFIX: databasePrefix() },
  ...{ KMS_KEY, KMS_URL: kms.url, GCE_METADATA_HOST: kms.host },
}

test('data keys are wrapped by Cloud KMS, and a start without it ends saying so', async () => {
  const first = await startSystem(environment)
  const id = await customerWith(first)
  assert.ok(!(await readdir(DATA_DIR)).includes('key-encryption-key.json'))
  const [services, purposes] = [serviceNames.length, 2]
  assert.equal(kms.asked.filter((one) => one === `encrypt ${KMS_KEY}`).length, services * purposes)
  await first.system[Symbol.asyncDispose]()

  kms.asked.length = 0
  const second = await startSystem(environment)
  assert.equal((await customerOf(second, id)).name, 'Ana Souza')
  assert.deepEqual(kms.asked, Array(services * purposes).fill(`decrypt ${KMS_KEY}`))
  await second.system[Symbol.asyncDispose]()

  kms.fail(403, 1)
  await assert.rejects(startSystem(environment), /cryptoKeys\/all of Cloud KMS does not decrypt: 403/)
})

/** Lines outside the databases: a bucket and a file both keep them whole, in their order, and apart for each service. */
import assert from 'node:assert/strict'
import { appendFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { startFakeBucket } from '../tests/fixtures/fake-bucket.ts'
import { readConfig } from './config.ts'
import { lineStore } from './line-store.ts'

const BUCKET = 'loja-anchors'
const google = await startFakeBucket(BUCKET)
after(() => google[Symbol.asyncDispose]())
const DATA_DIR = await mkdtemp(join(tmpdir(), 'mercado-veiculo-lines-'))
after(() => rm(DATA_DIR, { recursive: true }))
const inCloud = { ANCHORS_BUCKET: BUCKET, STORAGE_URL: google.url, GCE_METADATA_HOST: google.host }

for (const [where, environment] of [
  ['a file', { DATA_DIR }],
  ['a bucket', { DATA_DIR, ...inCloud }],
] as const)
  test(`${where} gives back what was added, in its order, and nothing of another service`, async () => {
    const store = lineStore(readConfig(environment), 'cliente-service')
    const other = lineStore(readConfig(environment), 'veiculo-service')
    assert.equal(await store.read(), '')
    for (const text of ['one\n', 'two\nthree\n', 'four\n']) await store.append(text)
    await other.append('not yours\n')
    assert.equal(await lineStore(readConfig(environment), 'cliente-service').read(), 'one\ntwo\nthree\nfour\n')
    assert.equal(await other.read(), 'not yours\n')
  })

test('after a line that a full disk cut off, the next line is whole', async () => {
  const store = lineStore(readConfig({ DATA_DIR }), 'pagamento-service')
  await store.append('whole\n')
  await appendFile(store.place, 'cut of')
  await store.append('next\n')
  await store.append('and next\n')
  assert.equal(await store.read(), 'whole\ncut of\nnext\nand next\n')
})

test('in a bucket nothing is ever replaced, and what is old need not be read', async () => {
  const before = new Map(google.objects)
  const store = lineStore(readConfig({ DATA_DIR, ...inCloud }), 'cliente-service')
  await store.append('five\n')
  for (const [name, text] of before) assert.equal(google.objects.get(name), text)
  assert.equal(google.objects.size, before.size + 1)
  assert.equal(await store.read(new Date(Date.now() + 60_000)), '')
})

test('a bucket that refuses is reported, not passed over', async () => {
  const store = lineStore(readConfig({ DATA_DIR, ...inCloud, ANCHORS_BUCKET: 'another-bucket' }), 'cliente-service')
  await assert.rejects(store.append('lost\n'), /the bucket another-bucket answered 404/)
})

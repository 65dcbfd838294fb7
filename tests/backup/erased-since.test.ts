/** After a restore, people who were erased since the backup are erased again, and nobody else is. */
import assert from 'node:assert/strict'
import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { takeBackup } from '../../app/backup/base-backup.ts'
import { restoreBackup } from '../../app/backup/restore-backup.ts'
import { type Api, CLIENTE, customerOf, customerWith, startSystem, until } from '../fixtures/system.ts'
import { temporaryFolder } from '../fixtures/temporary-folder.ts'

const now = () => new Date()
const startOn = (DATA_DIR: string) =>
  startSystem({ DATA_DIR, DATABASE_URL: '', DATABASE_PREFIX: '', PORT_POSTGRES: '0' })

async function erase(api: Api, id: number): Promise<void> {
  assert.equal((await api.call(CLIENTE, 'DELETE', `/customers/${id}`)).status, 202)
  await until(`${id} is erased`, async () => (await customerOf(api, id)).status === 'erased')
}

test('erasures since the backup are made again by the next start; a forged line, and one of an older number, erase nobody', async () => {
  const home = await temporaryFolder('erased')
  const [dataDirectory, into] = [join(home, 'data'), join(home, 'backups')]
  const list = join(dataDirectory, 'anchors', 'erasures.jsonl')
  const lines = async () => (await readFile(list, 'utf8').catch(() => '')).split('\n').filter(Boolean)

  const first = await startOn(dataDirectory)
  const [gone, stays, before] = [await customerWith(first), await customerWith(first), await customerWith(first)]
  await erase(first, before)
  await until('the list has begun', async () => (await lines()).length === 1)
  const { folder } = await takeBackup({ dataDirectory, into, now })
  const later = await customerWith(first)
  await erase(first, gone)
  await erase(first, later)
  await until('all are on the list', async () => (await lines()).length === 3)
  const text = (await lines()).join('\n')
  assert.ok(!/Ana|example\.com/.test(text), text)
  // by somebody who can write the file but cannot sign
  await appendFile(list, `${(await lines())[0]?.replace(`"customer_id":${before}`, `"customer_id":${stays}`)}\n`)
  await first.system[Symbol.asyncDispose]()

  await restoreBackup({ dataDirectory, from: folder, replace: true, now })
  const restored = await startOn(dataDirectory)
  await until('who was erased is erased again', async () => (await customerOf(restored, gone)).status === 'erased')
  assert.equal((await customerOf(restored, stays)).status, 'active')
  const sameNumber = await customerWith(restored)
  assert.equal(sameNumber, later, 'the restored database gives the number once more')
})

test('a list that was cut off, or replaced by an older one, is made whole again, and takes nothing from its copies', async () => {
  const home = await temporaryFolder('erased')
  const [dataDirectory, into] = [join(home, 'data'), join(home, 'backups')]
  const list = join(dataDirectory, 'anchors', 'erasures.jsonl')
  const lines = async (path = list) => (await readFile(path, 'utf8').catch(() => '')).split('\n').filter(Boolean)

  const first = await startOn(dataDirectory)
  const people = [await customerWith(first), await customerWith(first)]
  const { folder } = await takeBackup({ dataDirectory, into, now })
  for (const one of people) await erase(first, one)
  await until('both are on the list', async () => (await lines()).length === 2)
  await takeBackup({ dataDirectory, into, now })
  await first.system[Symbol.asyncDispose]()
  const [older = ''] = await lines()
  await writeFile(list, older.slice(0, 40)) // cut off in its first line
  await takeBackup({ dataDirectory, into, now })
  assert.equal((await lines(join(into, 'erasures.jsonl'))).length, 3, 'the copy has both still')

  const again = await startOn(dataDirectory)
  await until('both are on it again', async () => (await lines()).length === 3)
  await again.system[Symbol.asyncDispose]()

  await writeFile(list, older.slice(0, 40))
  await restoreBackup({ dataDirectory, from: folder, replace: true, now })
  const restored = await startOn(dataDirectory)
  for (const one of people)
    await until(`${one} is erased again`, async () => (await customerOf(restored, one)).status === 'erased')
})

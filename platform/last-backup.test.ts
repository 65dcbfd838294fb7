import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { lastBackup, noteBackup } from './last-backup.ts'

test('a backup is known by its note, the newest one alone; without one, or with a damaged one, none is known', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'last-backup-'))
  t.after(() => rm(folder, { recursive: true }))
  assert.equal(await lastBackup(folder), undefined)
  const taken = { at: '2026-03-02T03:00:00.000Z', databases: 6, bytes: 14_000_000, with_keys: true }
  await noteBackup(folder, folder, taken)
  await noteBackup(folder, folder, { ...taken, at: '2026-03-03T03:00:00.000Z' })
  assert.deepEqual(await lastBackup(folder), { ...taken, at: '2026-03-03T03:00:00.000Z', same_disk: true })
  await writeFile(join(folder, 'backups.json'), '{"at":')
  assert.equal(await lastBackup(folder), undefined)
  await writeFile(join(folder, 'backups.json'), '{"at":"2026-03-02T03:00:00.000Z"}')
  assert.equal(await lastBackup(folder), undefined)
})

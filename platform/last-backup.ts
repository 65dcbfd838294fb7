/**
 * The note of the last backup. The command that takes a backup writes it in DATA_DIR, wherever the backup went. It is written whole
 * or not at all.
 */
import { readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'

/** Its name begins like that of the folder of backups, so that no backup contains it. */
const NOTE = 'backups.json'

const Note = Type.Object({
  /** The backup contains everything up to this moment. */
  at: Type.String(),
  databases: Type.Integer(),
  bytes: Type.Integer(),
  with_keys: Type.Boolean(),
  /** Whether it lies on the disk of the data, and would be lost with it. */
  same_disk: Type.Boolean(),
})
export type LastBackup = Static<typeof Note>

/** `folder`: where the backup lies. */
export async function noteBackup(
  dataDirectory: string,
  folder: string,
  taken: Omit<LastBackup, 'same_disk'>,
): Promise<void> {
  const [data, backup] = await Promise.all([stat(dataDirectory), stat(folder)])
  const note: LastBackup = { ...taken, same_disk: data.dev === backup.dev }
  const path = join(dataDirectory, NOTE)
  await writeFile(`${path}.new`, `${JSON.stringify(note)}\n`, { mode: 0o600, flush: true })
  await rename(`${path}.new`, path)
}

/** Undefined: none was taken, or its note cannot be read. */
export async function lastBackup(dataDirectory: string): Promise<LastBackup | undefined> {
  try {
    const note: unknown = JSON.parse(await readFile(join(dataDirectory, NOTE), 'utf8'))
    return Value.Check(Note, note) ? note : undefined
  } catch {
    return undefined
  }
}

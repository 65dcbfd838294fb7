/**
 * What the system knows of its last backup: the command that takes one notes it in DATA_DIR, wherever the backup went. Written
 * whole or not at all.
 */
import { readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'

/** Its name begins as the folder of backups does, so that no backup holds it. */
const NOTE = 'backups.json'

const Note = Type.Object({
  /** As of when everything is in it. */
  at: Type.String(),
  databases: Type.Integer(),
  bytes: Type.Integer(),
  with_keys: Type.Boolean(),
  /** It does not survive what destroys the disk that it was taken of. */
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

/** Photos in a folder, as under DATA_DIR: for one machine. */
import { randomUUID } from 'node:crypto'
import fs from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { PhotoStorage } from './storage.ts'

const SPREAD = 2

export function folderStorage(folder: string): PhotoStorage {
  const pathOf = (name: string) => join(folder, name.slice(0, SPREAD), name)
  return {
    async put(name, bytes) {
      const path = pathOf(name)
      const draft = `${path}.${randomUUID()}.draft`
      await fs.mkdir(dirname(path), { recursive: true, mode: 0o700 })
      await fs.writeFile(draft, bytes, { mode: 0o600, flush: true })
      await fs.rename(draft, path)
    },
    get: (name) => fs.readFile(pathOf(name)).catch(absent),
    async remove(name) {
      await fs.rm(pathOf(name), { force: true })
    },
    async *list(before) {
      const folders = (await fs.readdir(folder).catch(absent)) ?? []
      for (const inner of folders)
        for (const name of (await fs.readdir(join(folder, inner)).catch(absent)) ?? []) {
          const found = await fs.stat(join(folder, inner, name)).catch(absent)
          if (found && found.mtime < before) yield name
        }
    },
  }
}

function absent(error: unknown): undefined {
  const code = error instanceof Error && 'code' in error ? error.code : ''
  if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error
}

/**
 * A file of lines, kept outside the databases and only added to. Each line is signed under the service's key for fingerprints,
 * so somebody who owns a database, but not the key that wraps its keys, cannot forge one.
 */
import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Vault } from './vault/vault.ts'

export interface SignedLines<Line extends object> {
  readonly path: string
  add(lines: readonly Line[]): Promise<void>
  /** The rightly signed lines, oldest first, and the number of others. Empty when there is no file. */
  read(): Promise<{ readonly lines: readonly Line[]; readonly forged: number }>
}

export function signedLines<Line extends object>(path: string, what: string, vault: Vault): SignedLines<Line> {
  const signatureOf = (text: string) => vault.fingerprint(`signed lines.${what}`, text)
  return {
    path,
    async add(lines) {
      if (lines.length === 0) return
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      const texts = lines.map((line) => JSON.stringify(line))
      // one write, so that the lines of two processes that add at once do not mix
      await appendFile(path, texts.map((text) => `${signatureOf(text)} ${text}\n`).join(''), {
        mode: 0o600,
        flush: true,
      })
    },
    async read() {
      const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return ''
        throw error
      })
      const all = text.split('\n').filter((line) => line !== '')
      const split = all.map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)] as const)
      const right = split.filter(([signature, json]) => signature === signatureOf(json))
      return { lines: right.map(([, json]) => JSON.parse(json) as Line), forged: all.length - right.length }
    },
  }
}

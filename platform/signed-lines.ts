/**
 * Lines that are kept outside the databases and only added to, each signed under the service's key for fingerprints: who owns a database
 * but not the key that wraps its keys can make none up.
 */
import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Vault } from './vault/vault.ts'

export interface SignedLines<Line extends object> {
  readonly path: string
  add(lines: readonly Line[]): Promise<void>
  /** Oldest first, those that are signed rightly, and how many are not. Nothing when there is no file. */
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
      // one write: of two processes that add at once, each has its lines whole
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

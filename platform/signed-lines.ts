/**
 * Lines that are kept outside the databases and only added to. Each line is signed under the service's key for fingerprints,
 * so somebody who owns a database, but not the key that wraps its keys, cannot forge one.
 */
import type { LineStore } from './line-store.ts'
import type { Vault } from './vault/vault.ts'

export interface SignedLines<Line extends object> {
  /** Where they lie. */
  readonly place: string
  add(lines: readonly Line[]): Promise<void>
  /** The rightly signed lines, oldest first, and the number of others. `since`: older ones may be left out. */
  read(since?: Date): Promise<{ readonly lines: readonly Line[]; readonly forged: number }>
}

export function signedLines<Line extends object>(store: LineStore, what: string, vault: Vault): SignedLines<Line> {
  const signatureOf = (text: string) => vault.fingerprint(`signed lines.${what}`, text)
  return {
    place: store.place,
    async add(lines) {
      if (lines.length === 0) return
      const texts = lines.map((line) => JSON.stringify(line))
      await store.append(texts.map((text) => `${signatureOf(text)} ${text}\n`).join(''))
    },
    async read(since) {
      const all = (await store.read(since)).split('\n').filter((line) => line !== '')
      const split = all.map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)] as const)
      const right = split.filter(([signature, json]) => signature === signatureOf(json))
      return { lines: right.map(([, json]) => JSON.parse(json) as Line), forged: all.length - right.length }
    },
  }
}

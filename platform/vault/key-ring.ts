/**
 * A service's data keys, unwrapped. They are read at a start, and again when a value names a key that another process has made
 * since. An unwrapped key stays in memory: it opens values until the process ends, even if the database has deleted it.
 */
import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import type { Database } from '../database/database.ts'
import { type DataKeyRow, insertFirstKey, type KeyPurpose, readDataKeys, rewrapKey } from './data-key-store.ts'
import type { KeyWrapper } from './key-wrapper.ts'

export interface KeyRing {
  /** The key that sealed the value; rejects when it is gone. */
  keyOf(id: number): Promise<KeyObject>
  /** The newest key for sealing that this process knows; it looks for a newer one once a minute. */
  newest(): { readonly id: number; readonly key: KeyObject }
  readonly ofFingerprints: KeyObject
  /** A new key, wrapped; it is not in use yet. */
  wrappedNew(purpose: KeyPurpose): Promise<string>
  /** Wraps every key anew by the present key-encryption key; returns how many. */
  rewrap(): Promise<number>
}

const KEY_BYTES = 32
/** How long the newest known key is taken for the newest. */
const BELIEVED_MS = 60_000

/** Makes the keys of a service that has none yet. Rejects with WrongKey when its keys can't be unwrapped. */
export async function openKeyRing(database: Database, wrapper: KeyWrapper, service: string): Promise<KeyRing> {
  const sealKeys = new Map<number, KeyObject>()
  let newest = 0
  let loadedAt = 0
  const contextOf = (purpose: KeyPurpose) => `${service} ${purpose}`
  const unwrap = async ({ wrapped, purpose }: DataKeyRow) =>
    createSecretKey(await wrapper.unwrap(wrapped, contextOf(purpose)))
  const wrappedNew = (purpose: KeyPurpose) => wrapper.wrap(randomBytes(KEY_BYTES), contextOf(purpose))

  async function load() {
    loadedAt = performance.now()
    const rows = await readDataKeys(database)
    for (const row of rows.filter(({ id, purpose }) => purpose === 'seal' && !sealKeys.has(id))) {
      sealKeys.set(row.id, await unwrap(row))
      newest = Math.max(newest, row.id)
    }
    return rows
  }

  const present = new Set((await readDataKeys(database)).map(({ purpose }) => purpose))
  for (const purpose of ['seal', 'fingerprint'] as const)
    if (!present.has(purpose)) await insertFirstKey(database, purpose, await wrappedNew(purpose))
  const ofFingerprints = (await load()).find(({ purpose }) => purpose === 'fingerprint')
  if (!ofFingerprints) throw new Error(`${service} has no key for fingerprints`)

  return {
    ofFingerprints: await unwrap(ofFingerprints),
    wrappedNew,
    async keyOf(id) {
      const known = sealKeys.get(id)
      if (known) return known
      await load()
      const loaded = sealKeys.get(id)
      if (!loaded) throw new Error(`data key ${id} of ${service} is gone: the values that it sealed can't be opened`)
      return loaded
    },
    newest() {
      if (performance.now() > loadedAt + BELIEVED_MS) load().catch(() => {}) // the next call asks for it again
      return { id: newest, key: sealKeys.get(newest) as KeyObject }
    },
    async rewrap() {
      const rows = await readDataKeys(database)
      for (const { id, purpose, wrapped } of rows) {
        const anew = await wrapper.wrap(await wrapper.unwrap(wrapped, contextOf(purpose)), contextOf(purpose))
        await database.transaction(async (tx) => rewrapKey(tx, id, anew))
      }
      return rows.length
    },
  }
}

/**
 * Personal fields at rest: each value is sealed by itself with AES-256-GCM under a data key of the service, and bound to its
 * place (`people.document`) and row, so that it opens nowhere else. The sealed text names its key: `v1.3.<nonce, ciphertext, tag>`.
 * What must be unique or found exactly has a fingerprint beside it: an HMAC under a key that stays.
 *
 * Data keys lie wrapped in the service's own database. Every transaction that seals holds the current one (`sealing`), so
 * that a key that has been replaced seals nothing more; a process that meets a key made elsewhere fetches it.
 */
import { createCipheriv, createDecipheriv, createHmac, type KeyObject, randomBytes } from 'node:crypto'
import type { Database, Tx } from '../database/database.ts'
import { deleteEmptied, holdCurrentKey, markEmptied, replaceKey } from './data-key-store.ts'
import { openKeyRing } from './key-ring.ts'
import type { KeyWrapper } from './key-wrapper.ts'

/** Converts a table's columns between their plain form and the stored one: sealed, except for nulls. */
type Fields = Readonly<Record<string, string | null>>

interface Sealer {
  /** Names the key: a value with another beginning was sealed by another key. */
  readonly mark: string
  seal(place: string, row: number | string, text: string): string
  /** Each field is bound to its own column. */
  sealAll<Row extends Fields>(table: string, row: number | string, fields: Row): Row
}

export interface Vault {
  /** For the transaction that writes the sealed values: until it ends, no other key becomes current. */
  sealing(tx: Tx): Promise<Sealer>
  /** Without asking the database, so perhaps with a key that was replaced a moment ago. Only for short-lived values, which expire before a replaced key is deleted. */
  sealingBriefly(): Sealer
  /** Rejects when the text was sealed for another place or row, was changed, or its key is gone. */
  open(place: string, row: number | string, sealed: string): Promise<string>
  openAll<Row extends Fields>(table: string, row: number | string, sealed: Row): Promise<Row>
  /** Equal for equal texts at one place; without the key it tells nothing about the text. 43 characters. */
  fingerprint(place: string, text: string): string
  /** Makes a new data key current, and waits until nothing is being sealed with the previous one. False: an earlier replacement must be finished first. */
  replaceKey(): Promise<boolean>
  /** Notes that everything has been sealed anew. Deletes the keys for which that was noted before `keptUntil`; returns how many. */
  finishReplacement(keptUntil: Date): Promise<number>
  /** Wraps every data key anew by the present key-encryption key; returns how many. */
  rewrap(): Promise<number>
}

const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Makes the keys of a service that has none yet. Rejects with WrongKey when its keys can't be unwrapped. */
export async function openVault(database: Database, wrapper: KeyWrapper, service: string): Promise<Vault> {
  const keys = await openKeyRing(database, wrapper, service)

  async function open(place: string, row: number | string, sealed: string): Promise<string> {
    const [version, id, text] = sealed.split('.')
    if (version !== 'v1' || !id || !text) throw new Error(`the value at ${place} is not sealed`)
    return opened(await keys.keyOf(Number(id)), bound(place, row, id), Buffer.from(text, 'base64url'))
  }

  return {
    async sealing(tx) {
      const id = await holdCurrentKey(tx)
      return sealer(id, await keys.keyOf(id))
    },
    sealingBriefly() {
      const { id, key } = keys.newest()
      return sealer(id, key)
    },
    open,
    openAll: (table, row, sealed) => eachField(sealed, (column, text) => open(`${table}.${column}`, row, text)),
    fingerprint: (place, text) =>
      createHmac('sha256', keys.ofFingerprints).update(`${place}\n${text}`).digest('base64url'),
    async replaceKey() {
      const wrapped = await keys.wrappedNew('seal')
      return database.transaction((tx) => replaceKey(tx, wrapped))
    },
    async finishReplacement(keptUntil) {
      await markEmptied(database)
      return deleteEmptied(database, keptUntil)
    },
    rewrap: keys.rewrap,
  }
}

const markOf = (id: number | string) => `v1.${id}.`

/** Authenticated with the text: the place where it lies, and its key. */
const bound = (place: string, row: number | string, id: number | string) => Buffer.from(`${markOf(id)}${place}.${row}`)

function sealer(id: number, key: KeyObject): Sealer {
  const seal = (place: string, row: number | string, text: string) => {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv(CIPHER, key, nonce).setAAD(bound(place, row, id))
    const parts = [nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]
    return `${markOf(id)}${Buffer.concat(parts).toString('base64url')}`
  }
  return {
    mark: markOf(id),
    seal,
    sealAll(table, row, fields) {
      const sealed = Object.entries(fields).map(([column, text]) => [
        column,
        text === null ? null : seal(`${table}.${column}`, row, text),
      ])
      return Object.fromEntries(sealed)
    },
  }
}

function opened(key: KeyObject, aad: Buffer, bytes: Buffer): string {
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAAD(aad).setAuthTag(bytes.subarray(-TAG_BYTES))
  return decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
}

async function eachField<Row extends Fields>(
  fields: Row,
  change: (column: string, text: string) => Promise<string>,
): Promise<Row> {
  const changed = Object.entries(fields).map(async ([column, text]) => [
    column,
    text === null ? null : await change(column, text),
  ])
  return Object.fromEntries(await Promise.all(changed))
}

/**
 * The key-encryption key in a file, as a JWK Set (RFC 7517) of AES keys: the first wraps, any of them unwraps. To replace it,
 * put a new key before the old one, wrap everything with it by `npm run rotate-keys -- --rewrap`, and take the old one out.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { type OwnFile, readOrMakeOwn, readOwn } from '../own-file.ts'
import { type KeyWrapper, WrongKey } from './key-wrapper.ts'

interface FileKey {
  readonly kty: 'oct'
  readonly kid: string
  /** 32 bytes, base64url. */
  readonly k: string
}

const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** With `makes`, wrapping the first key makes a missing file. Unwrapping never does: a new key would not help. */
export function keyFile(path: string, { makes = false } = {}): KeyWrapper {
  const name = `the key-encryption key in ${path}`
  const file = fileAt(path)
  return {
    name,
    wrap: async (key, context) => wrapped(key, context, firstOf(file, name, makes)),
    unwrap: async (text, context) => unwrapped(text, context, readOwn(file), name),
  }
}

function firstOf(file: OwnFile<readonly FileKey[]>, name: string, makes: boolean): FileKey {
  const [first] = makes ? readOrMakeOwn(file, newKeys) : (readOwn(file) ?? [])
  if (!first) throw new WrongKey(`${name} is missing`)
  return first
}

function wrapped(key: Buffer, context: string, { kid, k }: FileKey): string {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, Buffer.from(k, 'base64url'), nonce).setAAD(Buffer.from(context))
  const sealed = [nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]
  return `${kid}.${Buffer.concat(sealed).toString('base64url')}`
}

function unwrapped(text: string, context: string, keys: readonly FileKey[] | undefined, name: string): Buffer {
  const [kid, sealed = ''] = text.split('.')
  if (!keys) throw new WrongKey(`${name} is missing: put it back from where it was saved`)
  const known = keys.find((one) => one.kid === kid)
  if (!known) throw new WrongKey(`${name} is not the one that data keys were wrapped with (${kid})`)
  const bytes = Buffer.from(sealed, 'base64url')
  const [key, nonce] = [Buffer.from(known.k, 'base64url'), bytes.subarray(0, NONCE_BYTES)]
  try {
    const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
    decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-TAG_BYTES))
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()])
  } catch (cause) {
    throw new WrongKey(`${name} does not open the data key of ${context}`, { cause })
  }
}

const fileAt = (path: string): OwnFile<readonly FileKey[]> => ({
  path,
  what: 'the key-encryption key',
  advice: 'Put it back from where it was saved: what is sealed with it stays sealed without it',
  parse: (text) => {
    const { keys } = JSON.parse(text) as { keys?: Partial<FileKey>[] }
    if (!Array.isArray(keys) || keys.length === 0) return undefined
    if (keys.every(isWhole)) return keys
    throw new Error('a key in it does not have the 32 bytes of an AES-256 key, or has no name (kid)')
  },
})

const isWhole = (key: Partial<FileKey>): key is FileKey =>
  typeof key?.kid === 'string' && typeof key.k === 'string' && Buffer.from(key.k, 'base64url').length === 32

const newKeys = (): string =>
  JSON.stringify({
    keys: [{ kty: 'oct', kid: randomBytes(6).toString('base64url'), k: randomBytes(32).toString('base64url') }],
  })

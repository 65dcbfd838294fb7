/**
 * The key-encryption key in a file, as a JWK Set (RFC 7517) of AES keys: the first wraps, any of them unwraps. So a new one
 * is put before the old one, `npm run rotate-keys -- --rewrap` wraps everything with it, and the old one is taken out.
 */
import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type KeyWrapper, WrongKey } from './key-wrapper.ts'

interface FileKey {
  readonly kty: 'oct'
  readonly kid: string
  /** 32 bytes, base64url. */
  readonly k: string
}

const CIPHER = 'aes-256-gcm'
const NONCE = 12
const TAG = 16

/** `makes`: the first key that is wrapped makes the file, if it is not there. Never an unwrap: another key would not help. */
export function keyFile(path: string, { makes = false } = {}): KeyWrapper {
  const name = `the key-encryption key in ${path}`
  return {
    name,
    async wrap(key, context) {
      const [first] = (await readKeys(path)) ?? (makes ? await makeKeys(path) : [])
      if (!first) throw new WrongKey(`${name} is missing`)
      const nonce = randomBytes(NONCE)
      const cipher = createCipheriv(CIPHER, Buffer.from(first.k, 'base64url'), nonce).setAAD(Buffer.from(context))
      const sealed = [nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]
      return `${first.kid}.${Buffer.concat(sealed).toString('base64url')}`
    },
    async unwrap(wrapped, context) {
      const [kid, sealed = ''] = wrapped.split('.')
      const keys = await readKeys(path)
      if (!keys) throw new WrongKey(`${name} is missing: put it back from where it was saved`)
      const known = keys.find((one) => one.kid === kid)
      if (!known) throw new WrongKey(`${name} is not the one that data keys were wrapped with (${kid})`)
      const bytes = Buffer.from(sealed, 'base64url')
      try {
        const options = { authTagLength: TAG }
        const decipher = createDecipheriv(CIPHER, Buffer.from(known.k, 'base64url'), bytes.subarray(0, NONCE), options)
        decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-TAG))
        return Buffer.concat([decipher.update(bytes.subarray(NONCE, -TAG)), decipher.final()])
      } catch (cause) {
        throw new WrongKey(`${name} does not open the data key of ${context}`, { cause })
      }
    },
  }
}

/** Undefined when there is no file. */
async function readKeys(path: string): Promise<readonly FileKey[] | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const { keys } = JSON.parse(text) as { keys: FileKey[] }
  const isWhole = keys.every(({ k }) => Buffer.from(k, 'base64url').length === 32)
  if (!isWhole) throw new WrongKey(`a key in ${path} has not the 32 bytes of an AES-256 key`)
  return keys
}

async function makeKeys(path: string): Promise<readonly FileKey[]> {
  const keys: FileKey[] = [{ kty: 'oct', kid: randomBytes(6).toString('base64url'), k: newKey() }]
  await mkdir(dirname(path), { recursive: true })
  const draft = `${path}.${randomUUID()}`
  await writeFile(draft, JSON.stringify({ keys }), { mode: 0o600, flush: true })
  try {
    await link(draft, path)
    return keys
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return (await readKeys(path)) ?? [] // another process was first: theirs is the key
  } finally {
    await rm(draft)
  }
}

const newKey = () => randomBytes(32).toString('base64url')

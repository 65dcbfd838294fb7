/** Payment codes: 25 characters of [A-Za-z0-9] that nobody guesses, and the id of the charge that a code makes at a provider. */
import { createHash, randomBytes } from 'node:crypto'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const LENGTH = 25

/** 149 bits: 25 characters, each equally likely, because bytes beyond the last whole alphabet are thrown away. */
export function newCode(): string {
  let code = ''
  while (code.length < LENGTH) {
    for (const byte of randomBytes(LENGTH + 5)) {
      if (byte < FAIR && code.length < LENGTH) code += ALPHABET[byte % ALPHABET.length]
    }
  }
  return code
}

const FAIR = 256 - (256 % ALPHABET.length)

/** 32 characters, as the API Pix wants them; always the same for a code, so that asking twice makes one charge. */
export const txidOf = (code: string): string => createHash('sha256').update(code).digest('hex').slice(0, 32)

/** Makes payment codes, 25 characters of [A-Za-z0-9] that nobody can guess, and the id of a code's charge at a provider. */
import { createHash, randomBytes } from 'node:crypto'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const LENGTH = 25

/** 149 bits: 25 characters. Each is equally likely, because bytes beyond the last whole alphabet are thrown away. */
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

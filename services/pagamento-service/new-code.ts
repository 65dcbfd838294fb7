/** Payment codes: 25 characters of [A-Za-z0-9], with the 122 random bits of a UUID v4 and more: nobody guesses one. */
import { randomBytes } from 'node:crypto'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

export const newCode = (): string => {
  let code = ''
  while (code.length < 25)
    for (const byte of randomBytes(32)) if (byte < 248 && code.length < 25) code += ALPHABET[byte % 62]
  return code
}

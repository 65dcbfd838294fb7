/** Payment codes: 25 characters of [A-Za-z0-9] that nobody guesses, and the id of the charge that a code makes at a provider. */
import { createHash, randomBytes } from 'node:crypto'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const LENGTH = 25

/** 149 bits; drawn from 256, so that no character is likelier than another by anything that could be measured. */
export function newCode(): string {
  let rest = BigInt(`0x${randomBytes(32).toString('hex')}`)
  let code = ''
  while (code.length < LENGTH) {
    code += ALPHABET[Number(rest % 62n)]
    rest /= 62n
  }
  return code
}

/** 32 characters, as the API Pix wants them; always the same for a code, so that asking twice makes one charge. */
export const txidOf = (code: string): string => createHash('sha256').update(code).digest('hex').slice(0, 32)

/** The code that a buyer shows to be handed the vehicle: read aloud and typed by people, guessed by nobody. */
import { randomInt } from 'node:crypto'

/** Without 0, O, 1, I, L, 2, Z, 5, S, 8, B and U: 24 characters, so 24^8 (1.1e11) codes. */
const ALPHABET = '34679ACDEFGHJKMNPQRTVWXY'
const LENGTH = 8

/** One draw for the whole code. */
export const pickupCode = (): string =>
  randomInt(ALPHABET.length ** LENGTH)
    .toString(ALPHABET.length)
    .padStart(LENGTH, '0')
    .replace(/./g, (digit) => ALPHABET[Number.parseInt(digit, ALPHABET.length)] as string)

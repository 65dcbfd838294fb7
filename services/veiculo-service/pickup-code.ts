/** The code that a buyer shows to be handed the vehicle: read aloud and typed by people, guessed by nobody. */
import { randomInt } from 'node:crypto'

/** No 0 and O, 1, I and L, 2 and Z, 5 and S, 8 and B, U and V: 24 characters, so 24^8 (1.1e11) codes. */
const ALPHABET = '34679ACDEFGHJKMNPQRTVWXY'
const LENGTH = 8

export const pickupCode = (): string =>
  Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')

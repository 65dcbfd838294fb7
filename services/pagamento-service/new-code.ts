/** Payment codes: 25 characters of [A-Za-z0-9] from the system's random source, about 148 bits: nobody guesses one. */
import { randomInt } from 'node:crypto'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

export const newCode = (): string => Array.from({ length: 25 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')

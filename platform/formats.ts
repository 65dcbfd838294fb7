/** The string formats that schemas may name: Brazilian identifiers are checked for real, with their check digits. */
import {
  isValidCep,
  isValidCnh,
  isValidCnpj,
  isValidCpf,
  isValidLicensePlate,
  isValidRenavam,
} from '@brazilian-utils/brazilian-utils'
import type { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'

type Check = (text: string) => boolean

/** Removes the punctuation that people type; letters become upper case. */
export const bare = (text: string): string => text.replace(/[\s.\-/]/g, '').toUpperCase()

/** E.164, or undefined when the text is no number in Brazil, or holds more than a number. */
export function normalisePhone(text: string): string | undefined {
  const phone = parsePhoneNumberFromString(text, { defaultCountry: 'BR', extract: false })
  return phone?.country === 'BR' && phone.isValid() && !phone.ext ? phone.number : undefined
}

/** 11 digits, as DENATRAN's numbers are written since 2013; older ones are padded on the left. */
export const normaliseRenavam = (text: string): string => bare(text).padStart(11, '0')

/** A chassi is 17 characters without I, O and Q; its 9th is no mandatory check digit in Brazil. */
const CHASSI = /^[A-HJ-NPR-Z0-9]{17}$/

/**
 * Characters that do not belong in a typed line. PostgreSQL stores neither NUL nor lone surrogates. Line separators and
 * direction controls (UAX 9) make a line look like another one. U+FFFD stands where an earlier program lost a letter.
 */
const NO_LINE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffd]/u
/** Some letters are invisible, such as the fillers of Hangul. */
const VISIBLE = /[[\p{L}\p{N}]--\p{Default_Ignorable_Code_Point}]/v

/** Correios' ranges: São Paulo begins at 01000-000, and Rondônia's old 789 was given back. */
const isInUse = (cep: number): boolean => cep >= 1_000_000 && !(cep >= 78_900_000 && cep < 79_000_000)

const checks: Record<string, Check> = {
  // RFC 9562 as PostgreSQL reads it: the library's format also takes urn:uuid:
  uuid: (text) => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text),
  text: (text) => !NO_LINE.test(text) && (text === '' || VISIBLE.test(text)),
  lines: (text) => !NO_LINE.test(text.replace(/[\t\n\r]/g, '')) && (text === '' || VISIBLE.test(text)),
  document: (text) =>
    (/^[\d.-]{11,14}$/.test(text) && isValidCpf(text)) ||
    (/^[\dA-Za-z./-]{14,18}$/.test(text) && isValidCnpj(bare(text), { version: 2 })),
  'brazilian-phone': (text) => text.length <= 25 && normalisePhone(text) !== undefined,
  renavam: (text) => /^\d{9,11}$/.test(bare(text)) && isValidRenavam(normaliseRenavam(text)),
  'license-plate': (text) => /^[A-Z]{3}\d[A-Z\d]\d{2}$/.test(bare(text)) && isValidLicensePlate(bare(text)),
  chassi: (text) => CHASSI.test(bare(text)),
  'driver-license': (text) => /^\d{11}$/.test(bare(text)) && isValidCnh(bare(text)),
  'postal-code': (text) => /^\d{5}-?\d{3}$/.test(text) && isValidCep(text) && isInUse(Number(bare(text))),
}

export function registerFormats(ajv: Ajv): void {
  addFormats.default(ajv, ['date', 'date-time', 'email', 'uri'])
  for (const [name, validate] of Object.entries(checks)) ajv.addFormat(name, { type: 'string', validate })
}

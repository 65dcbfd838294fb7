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

/** E.164, or undefined when there is no such number in Brazil, or when there is more than a number. */
export function normalisePhone(text: string): string | undefined {
  const phone = parsePhoneNumberFromString(text, { defaultCountry: 'BR', extract: false })
  return phone?.country === 'BR' && phone.isValid() && !phone.ext ? phone.number : undefined
}

/** 11 digits, as DENATRAN's numbers are written since 2013; older ones are padded on the left. */
export const normaliseRenavam = (text: string): string => bare(text).padStart(11, '0')

/** A chassi is 17 characters without I, O and Q; its 9th is no mandatory check digit in Brazil. */
const CHASSI = /^[A-HJ-NPR-Z0-9]{17}$/

const checks: Record<string, Check> = {
  // RFC 9562 as PostgreSQL reads it: the library's format also takes urn:uuid:
  uuid: (text) => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text),
  // PostgreSQL stores neither NUL nor lone surrogates; other control characters have no place in a line of text
  text: (text) => !/[\p{Cc}\p{Cs}]/u.test(text),
  document: (text) =>
    (/^[\d.-]{11,14}$/.test(text) && isValidCpf(text)) ||
    (/^[\dA-Za-z./-]{14,18}$/.test(text) && isValidCnpj(bare(text), { version: 2 })),
  'brazilian-phone': (text) => text.length <= 25 && normalisePhone(text) !== undefined,
  renavam: (text) => /^\d{9,11}$/.test(bare(text)) && isValidRenavam(normaliseRenavam(text)),
  'license-plate': (text) => /^[A-Z]{3}\d[A-Z\d]\d{2}$/.test(bare(text)) && isValidLicensePlate(bare(text)),
  chassi: (text) => CHASSI.test(bare(text)),
  'driver-license': (text) => /^\d{11}$/.test(bare(text)) && isValidCnh(bare(text)),
  'postal-code': (text) => /^\d{5}-?\d{3}$/.test(text) && isValidCep(text),
}

export function registerFormats(ajv: Ajv): void {
  addFormats.default(ajv, ['date', 'date-time', 'email', 'uri'])
  for (const [name, validate] of Object.entries(checks)) ajv.addFormat(name, { type: 'string', validate })
}

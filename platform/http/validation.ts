/** What requests are held against: bodies as they are, the rest read from text; and how a fault in one is told. */
import { Ajv, type ErrorObject } from 'ajv'
import { registerFormats } from '../formats.ts'
import type { HttpApp } from './server.ts'

/** Bodies are taken as they are: nothing is coerced, filled from nowhere or silently dropped. */
const strict = new Ajv({ allErrors: true, multipleOfPrecision: 4, useDefaults: true, strict: false })
/** Paths, queries and headers are text: numbers in them are read. */
const coercing = new Ajv({
  allErrors: true,
  coerceTypes: true,
  multipleOfPrecision: 4,
  useDefaults: true,
  strict: false,
})
registerFormats(strict)
registerFormats(coercing)

export function validateRequests(app: HttpApp): void {
  app.setValidatorCompiler(({ schema, httpPart }) =>
    (httpPart === 'body' ? strict : coercing).compile(schema as object),
  )
}

/** What is said of a fault, by the keyword of the schema that is broken. Of other keywords Ajv says it well. */
const WORDS: Readonly<Record<string, (params: ErrorObject['params']) => string>> = {
  required: () => 'is required',
  additionalProperties: () => 'is not a field of this request',
  enum: ({ allowedValues }) => `must be one of ${allowedValues.join(', ')}`,
  format: ({ format }) => `is not a valid ${format}`,
}

/** Where Ajv blames the object, and its parameters name the field. */
const FIELD_NAMED_BY: Readonly<Record<string, string>> = {
  required: 'missingProperty',
  additionalProperties: 'additionalProperty',
}

/** They say that a branch did not fit; errors of the branch itself tell why. */
const ECHOES = ['if', 'anyOf']

/** One entry for each field that is wrong; `path` is a JSON Pointer into the body, or `/querystring/…`, `/params/…`. */
export function explain(errors: readonly ErrorObject[], part: string): { path: string; message: string }[] {
  const explained = new Map<string, string>()
  for (const { keyword, instancePath, params, message = 'is wrong' } of errors) {
    if (ECHOES.includes(keyword)) continue
    const namedBy = FIELD_NAMED_BY[keyword]
    const field = namedBy === undefined ? '' : `/${escapePointer(params[namedBy])}`
    const path = `${part}${instancePath}${field}` || '/'
    if (!explained.has(path)) explained.set(path, WORDS[keyword]?.(params) ?? message)
  }
  return [...explained].map(([path, message]) => ({ path, message }))
}

const escapePointer = (field: string) => field.replaceAll('~', '~0').replaceAll('/', '~1')

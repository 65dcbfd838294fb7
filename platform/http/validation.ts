/** Validates requests: bodies as they are, the rest as read from text; and puts faults into words. */
import { _, Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { isMultipleOf, numberTyped } from '../decimals.ts'
import { registerFormats } from '../formats.ts'
import { escapePointer } from '../json-text.ts'
import { Problem } from '../problem.ts'
import type { HttpApp } from './server.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** For a route that passes requests on: it does not refuse unknown parameters of a query. */
    anyQuery?: boolean
  }
}

/** For data that does not arrive as a body: it gives the faults by field, as for a body. */
export function checker(schema: object): (data: unknown) => { path: string; message: string }[] {
  const check = validator(schema)
  return (data) => {
    const valid = check(data)
    return valid === true ? [] : explain(valid.error, '')
  }
}

const NOT_KNOWN = 'is not a field of this request'

/** Values are taken as they are: nothing is coerced, invented or silently dropped. */
const ajv = new Ajv({ allErrors: true, useDefaults: true, strict: false })
registerFormats(ajv)
ajv.removeKeyword('multipleOf') // Ajv's own divides, and binary fractions lead it astray
ajv.addKeyword({
  keyword: 'multipleOf',
  type: 'number',
  schemaType: 'number',
  validate: isMultipleOf,
  error: { message: 'is no multiple', params: ({ schema }) => _`{ unit: ${schema} }` },
})

/**
 * Compiled at its first use: a start does not wait for the schemas of routes that nobody asks for. tests/documents/api.test.ts
 * compiles them all.
 */
function validator(schema: object): (data: unknown) => true | { error: ErrorObject[] } {
  let check: ValidateFunction | undefined
  return (data) => {
    check ??= ajv.compile(schema)
    return check(data) ? true : { error: check.errors ?? [] }
  }
}

export function validateRequests(app: HttpApp): void {
  app.setValidatorCompiler(({ schema, httpPart }) => {
    const part = schema as TextPart
    const check = validator(part)
    if (httpPart === 'body') return check
    return (data: Record<string, unknown>) => {
      readText(part, data)
      return check(data)
    }
  })
  // a misspelt filter must not show everything
  app.addHook('preValidation', ({ query, routeOptions: { url, config, schema } }, _reply, done) => {
    if (url === undefined || config.anyQuery || OTHERS_APPEND.test(url)) return done()
    const known = (schema?.querystring as TextPart | undefined)?.properties ?? {}
    const unknown = Object.keys(query as object).filter((name) => !Object.hasOwn(known, name))
    if (unknown.length === 0) return done()
    const errors = unknown.map((name) => ({ path: `/querystring/${escapePointer(name)}`, message: NOT_KNOWN }))
    throw new Problem('validation_failed', { errors })
  })
}

/** Providers append parameters of their own to the addresses that they call, and links to pages carry where they came from. */
const OTHERS_APPEND = /^\/((webhooks|auth|docs)(\/|$)|$)/

/** The schema of a part that arrives as text: path parameters, a query, or headers. */
interface TextPart {
  readonly properties?: Readonly<Record<string, { readonly type?: string }>>
}

/** Only plain digits are a whole number. A library's conversion would take `0x1`, `1e0`, `1.0` and ` 1` for customer 1. */
const WHOLE = /^-?(0|[1-9]\d{0,15})$/

/** A value that cannot be read stays text, which its schema then refuses. */
function readText({ properties = {} }: TextPart, data: Record<string, unknown>): void {
  for (const [name, { type }] of Object.entries(properties)) {
    const text = data[name]
    if (typeof text !== 'string') continue
    if (type === 'integer') data[name] = WHOLE.test(text) ? Number(text) : text
    else if (type === 'number') data[name] = numberTyped(text) ?? text
    else if (type === 'boolean') data[name] = text === 'true' || (text === 'false' ? false : text)
    else data[name] = text.normalize('NFC')
  }
}

/** Words for a fault, by the keyword of the schema that it breaks. For other keywords Ajv's words are good. */
const WORDS: Readonly<Record<string, (params: ErrorObject['params']) => string>> = {
  required: () => 'is required',
  additionalProperties: () => NOT_KNOWN,
  multipleOf: ({ unit }) => (unit === 0.01 ? 'must have at most two decimals' : `must be a multiple of ${unit}`),
  enum: ({ allowedValues }) => `must be one of ${allowedValues.join(', ')}`,
  format: ({ format }) => `is not a valid ${format}`,
}

/** For these keywords Ajv blames the object, and its parameters name the field. */
const FIELD_NAMED_BY: Readonly<Record<string, string>> = {
  required: 'missingProperty',
  additionalProperties: 'additionalProperty',
}

/** These keywords say that a branch did not fit; errors of the branch itself tell why. */
const ECHOES = ['if', 'anyOf']

/** One entry for each wrong field; `path` is a JSON Pointer into the body, or `/querystring/…`, `/params/…`. */
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

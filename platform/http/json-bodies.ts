/**
 * Bodies are JSON in UTF-8, and are taken exactly as sent: a body that would need a guess, a repair or an omission is refused.
 * Plain text is refused.
 */
import type { FastifyRequest } from 'fastify'
import type { ProblemName } from '#contracts'
import { composed, faultsOf } from '../json-text.ts'
import { Problem } from '../problem.ts'
import type { HttpApp } from './server.ts'

export function takeJson(app: HttpApp): void {
  app.removeContentTypeParser('text/plain')
  const parse = jsonParser(app, { refuseInexact: true })
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) =>
    parse(request, body),
  )
  // an absent body counts as an empty object, so that its schema names the missing fields
  app.addHook('preValidation', (request, _reply, done) => {
    if (request.body === undefined && request.routeOptions.schema?.body) request.body = {}
    done()
  })
}

/** Throws when it does not fit; undefined for an empty body. `refuseInexact`: also refuses numbers with too many digits to keep. */
export function jsonParser(app: HttpApp, { refuseInexact = false } = {}) {
  const parseJson = app.getDefaultJsonParser('error', 'error')

  return (request: FastifyRequest, body: Buffer): unknown => {
    checkCoding(request)
    if (body.length === 0) return undefined
    const text = decoded(body, 'malformed_json')
    let value: unknown
    parseJson(request, text, (error, parsed) => {
      if (error) throw error
      value = parsed
    })
    const { twice, inexact } = faultsOf(text)
    if (twice !== undefined) throw new Problem('malformed_json')
    if (refuseInexact && inexact.length > 0)
      throw new Problem('validation_failed', { errors: inexact.map((path) => ({ path, message: TOO_MANY_DIGITS })) })
    return IS_ASCII.test(text) ? value : composed(value)
  }
}

const TOO_MANY_DIGITS = 'has more digits than can be kept'
/** Escapes may stand for any character. */
const IS_ASCII = /^(?:[^\u0080-\uffff\\]|\\[^u])*$/

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** A body of another type as text in one form (NFC), under the same rules: UTF-8, and not compressed. */
export function textOf(request: FastifyRequest, body: Buffer): string {
  checkCoding(request)
  return decoded(body, 'bad_request').normalize('NFC')
}

function decoded(body: Buffer, damaged: ProblemName): string {
  try {
    return utf8.decode(body)
  } catch {
    throw new Problem(damaged)
  }
}

/** Throws if the body is compressed, or not in UTF-8: Fastify checks only the media type. */
export function checkCoding({ headers }: FastifyRequest): void {
  const coding = headers['content-encoding']?.trim().toLowerCase() || 'identity'
  const [, charset = 'utf-8'] = /;\s*charset\s*=\s*"?([^\s";]*)"?/i.exec(headers['content-type'] ?? '') ?? []
  if (coding !== 'identity' || charset.toLowerCase() !== 'utf-8') throw new Problem('unsupported_media_type')
}

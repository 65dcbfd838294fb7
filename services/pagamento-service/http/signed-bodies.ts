/** For routes that also need the body byte for byte as it was sent, because it is signed. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyPluginCallback, FastifyRequest, RawServerDefault } from 'fastify'
import type { Logger } from 'pino'
import { jsonParser } from '#platform/http/json-bodies'
import type { HttpApp } from '#platform/http/server'

const bodies = new WeakMap<object, Buffer>()

/** Empty when there was no body. */
export const rawBodyOf = (request: object): Buffer => bodies.get(request) ?? Buffer.alloc(0)

function keep(request: object, body: Buffer): Buffer {
  bodies.set(request, body)
  return body
}

/** Keeps the bodies of routes that `define` adds to its scope; the app's other routes are unaffected. */
export function signedBodies(app: HttpApp, define: (scope: HttpApp) => void): void {
  const scoped: FastifyPluginCallback<object, RawServerDefault, TypeBoxTypeProvider, Logger> = (
    scope,
    _options,
    done,
  ) => {
    const parse = jsonParser(scope)
    scope.removeContentTypeParser('application/json')
    scope.addContentTypeParser(
      'application/json',
      { parseAs: 'buffer' },
      async (request: FastifyRequest, body: Buffer) => parse(request, keep(request, body)),
    )
    define(scope)
    done()
  }
  app.register(scoped)
}

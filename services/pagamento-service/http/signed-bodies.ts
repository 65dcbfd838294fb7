/** For routes that also need the body byte for byte as it was sent, because it is signed. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyPluginAsync, FastifyRequest, RawServerDefault } from 'fastify'
import type { Logger } from 'pino'
import { jsonParser } from '#platform/http/json-bodies'
import type { HttpApp } from '#platform/http/server'

const bodies = new WeakMap<object, Buffer>()

/** Empty when there was no body. */
export const rawBodyOf = (request: object): Buffer => bodies.get(request) ?? Buffer.alloc(0)

/** Keeps the bodies of routes that `define` adds to its scope; the app's other routes are unaffected. */
export function signedBodies(app: HttpApp, define: (scope: HttpApp) => void): void {
  const scoped: FastifyPluginAsync<object, RawServerDefault, TypeBoxTypeProvider, Logger> = async (scope) => {
    const parse = jsonParser(scope)
    scope.removeContentTypeParser('application/json')
    scope.addContentTypeParser(
      'application/json',
      { parseAs: 'buffer' },
      async (request: FastifyRequest, body: Buffer) => {
        bodies.set(request, body)
        return parse(request, body)
      },
    )
    define(scope)
  }
  app.register(scoped)
}

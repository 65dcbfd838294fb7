/** Routes that also need a body as it was sent, byte for byte, because a signature is over that. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyPluginAsync, FastifyRequest, RawServerDefault } from 'fastify'
import type { Logger } from 'pino'
import type { HttpApp } from '#platform/http/server'

const bodies = new WeakMap<object, Buffer>()

/** Empty when there was none. */
export const rawBodyOf = (request: object): Buffer => bodies.get(request) ?? Buffer.alloc(0)

/** What `define` adds to its scope has its bodies kept; the app's other routes are as they were. */
export function signedBodies(app: HttpApp, define: (scope: HttpApp) => void): void {
  const scoped: FastifyPluginAsync<object, RawServerDefault, TypeBoxTypeProvider, Logger> = async (scope) => {
    const parse = scope.getDefaultJsonParser('error', 'error')
    scope.removeContentTypeParser('application/json')
    scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request: FastifyRequest, body, done) => {
      const bytes = Buffer.from(body)
      bodies.set(request, bytes)
      if (bytes.length === 0) done(null, undefined)
      else parse(request, bytes.toString('utf8'), done)
    })
    define(scope)
  }
  app.register(scoped)
}

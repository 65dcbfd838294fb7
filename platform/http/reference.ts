/** An app's description of itself: its OpenAPI document, and the page that shows it. */
import swagger from '@fastify/swagger'
import reference from '@scalar/fastify-api-reference'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Permissions } from '#contracts'
import { answerKept, type KeptDocument, keptDocument } from './kept-document.ts'
import { finished } from './openapi.ts'
import type { HttpApp } from './server.ts'

export interface About {
  readonly title: string
  readonly description: string
  readonly version: string
  /** The document at `/openapi.json`; absent: the one made from the app's own routes. */
  readonly document?: (() => Promise<object>) | undefined
}

const MADE_BY = { contact: { name: 'Who runs this system' }, license: { name: 'MIT', identifier: 'MIT' } }
const SERVERS = [{ url: '/', description: 'Where this document was read' }]

/** Made once: all routes are declared before the first request. */
function finishedOnce(app: HttpApp, permissions: Permissions): () => object {
  let document: object | undefined
  return () => {
    document ??= finished(app.swagger(), permissions)
    return document
  }
}

/** As long as the same object is given, its text is made only once. */
function keptByIdentity(): (document: object) => KeptDocument {
  let last: { readonly document: object; readonly kept: KeptDocument } | undefined
  return (document) => {
    if (last?.document !== document)
      last = { document, kept: keptDocument('application/json; charset=utf-8', JSON.stringify(document)) }
    return last.kept
  }
}

const SCRIPT = '/docs/js/scalar.js'
/** Some 60 kB, compressed. */
const DOCUMENT_COSTS = 20
/** Some 1 MB, compressed. */
const SCRIPT_COSTS = 100
const FOR_EVER = 'public, max-age=31536000, immutable'
/** Shared by all servers of the process, which send the same script. */
let script: KeptDocument | undefined

/** Call it before the routes that it describes. */
export async function describeRoutes(
  app: HttpApp,
  permissions: Permissions,
  { title, description, version, document }: About,
): Promise<void> {
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title, description, version, ...MADE_BY }, servers: [...SERVERS] },
    refResolver: {
      buildLocalReference: (json, _base, _fragment, index) => String(json.$id ?? json.title ?? `schema-${index}`),
    },
  })
  const own = finishedOnce(app, permissions)
  const kept = keptByIdentity()
  app.get(
    '/openapi.json',
    { config: { costs: DOCUMENT_COSTS }, schema: { hide: true } },
    showDocument(async () => kept(document ? await document() : own())),
  )
  app.addHook('onSend', nameScript(app))
  app.addHook('onRoute', (route) => {
    if (route.url === SCRIPT) route.config = { ...route.config, costs: SCRIPT_COSTS }
  })
  await app.register(reference, {
    routePrefix: '/docs',
    configuration: {
      url: '/openapi.json',
      telemetry: false,
      withDefaultFonts: false,
      hideClientButton: true,
      agent: { disabled: true },
      mcp: { disabled: true },
      showDeveloperTools: 'never',
    },
  } as never)
}

const showDocument = (kept: () => Promise<KeptDocument>) => async (request: FastifyRequest, reply: FastifyReply) =>
  reply.send(await answerKept(request, reply, await kept()))

/** The page names its script by a hash of its content, so that a browser asks for it only once until it changes. */
const nameScript =
  (app: HttpApp) =>
  async (request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> => {
    if (typeof payload !== 'string' || !request.url.startsWith('/docs')) return payload
    const { url } = request.routeOptions
    if (url === SCRIPT) {
      script ??= keptDocument('text/javascript; charset=utf-8', payload)
      const isNamed = request.url.endsWith(`?v=${script.etag}`)
      return answerKept(request, reply, script, isNamed ? FOR_EVER : 'no-cache')
    }
    if (!script) {
      const answer = await app.inject(SCRIPT)
      script ??= keptDocument('text/javascript; charset=utf-8', answer.body)
    }
    return payload.replace(/(src="[^"]*js\/scalar\.js)"/, `$1?v=${script.etag}"`)
  }

/** An app tells what it can do: its OpenAPI document, and the page that shows it. */
import swagger from '@fastify/swagger'
import reference from '@scalar/fastify-api-reference'
import { finished } from './openapi.ts'
import type { HttpApp } from './server.ts'

export interface About {
  readonly title: string
  readonly description: string
  readonly version: string
  /** What `/openapi.json` answers; absent: what the app's own routes say. */
  readonly document?: (() => Promise<object>) | undefined
}

/** Before the routes that it tells of. */
export async function describeRoutes(app: HttpApp, { title, description, version, document }: About): Promise<void> {
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title, description, version } },
    refResolver: {
      buildLocalReference: (json, _base, _fragment, index) => String(json.$id ?? json.title ?? `schema-${index}`),
    },
  })
  const own = async () => finished(app.swagger())
  app.get('/openapi.json', { schema: { hide: true } }, document ?? own)
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

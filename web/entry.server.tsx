/** A page as HTML, whole: loaders have everything before the first byte, so nothing streams and nothing jumps. */
import { randomBytes } from 'node:crypto'
import { renderToReadableStream } from 'react-dom/server'
import { type EntryContext, type RouterContextProvider, ServerRouter } from 'react-router'
import { contentSecurityPolicy } from './security.server.ts'
import type { Visit } from './visit.server.ts'
import { visitContext } from './visit.server.ts'

/** Gives the listening process's facts about a request to these pages. That process makes the context, with its own copy of React Router. */
export function tell(context: RouterContextProvider, visit: Visit): void {
  context.set(visitContext, visit)
}

export default async function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  routerContext: EntryContext,
): Promise<Response> {
  const nonce = randomBytes(16).toString('base64')
  headers.set('content-type', 'text/html; charset=utf-8')
  headers.set('content-security-policy', contentSecurityPolicy(nonce))
  if (request.method === 'HEAD') return new Response(null, { status, headers })

  let failure: unknown
  const body = await renderToReadableStream(<ServerRouter context={routerContext} url={request.url} nonce={nonce} />, {
    nonce,
    signal: request.signal,
    onError(error) {
      failure = error
    },
  })
  await body.allReady
  if (failure !== undefined) throw failure
  return new Response(body, { status, headers })
}

export function handleError(error: unknown, { request }: { readonly request: Request }): void {
  if (request.signal.aborted) return // nobody waits for the page any more
  const message = `${request.method} ${new URL(request.url).pathname}`
  if (!import.meta.env.PROD) console.error(message, error)
  // one line in the form that Cloud Logging reads, as the services write it: a roll-out looks for errors
  else
    console.error(
      JSON.stringify({ severity: 'ERROR', service: 'web', message, err: String(error), at: stackOf(error) }),
    )
}

const stackOf = (error: unknown) => (error instanceof Error ? error.stack?.split('\n').slice(1, 6) : undefined)

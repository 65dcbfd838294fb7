/** Each request is a span, in the trace that its `traceparent` names, or in a new one. */
import type { FastifyRequest } from 'fastify'
import { asService, beginSpan, contextFrom, fail, inContext, isTracing, SpanKind } from '../tracing.ts'
import type { HttpApp } from './server.ts'

/** Routes that monitors ask every few seconds. */
const QUIET = /^\/(health|ready|metrics)(\?|$)/

/** Tells only the route and the status: a path may hold a code, and a query a name. */
export function traceRequests(app: HttpApp, service: string): void {
  const spans = new WeakMap<FastifyRequest, NonNullable<ReturnType<typeof beginSpan>>>()

  app.addHook('onRequest', (request, _reply, done) => {
    if (!isTracing() || QUIET.test(request.url)) return done()
    const { method, headers, routeOptions } = request
    const route = routeOptions.url ?? 'none'
    const given = typeof headers.traceparent === 'string' ? headers.traceparent : undefined
    const attributes = { 'http.request.method': method, 'http.route': route }
    const begun = beginSpan(`${method} ${route}`, asService(service, contextFrom(given)), {
      kind: SpanKind.SERVER,
      attributes,
    })
    if (begun) spans.set(request, begun)
    inContext(begun?.within, done)
  })

  // reading a body leaves the context that the hook above has entered
  app.addHook('preValidation', (request, _reply, done) => inContext(spans.get(request)?.within, done))

  app.addHook('onResponse', (request, { statusCode }, done) => {
    const span = spans.get(request)?.span
    span?.setAttribute('http.response.status_code', statusCode)
    if (span && statusCode >= 500) fail(span, String(statusCode))
    span?.end()
    done()
  })

  app.addHook('onRequestAbort', (request, done) => {
    spans.get(request)?.span.end()
    done()
  })
}

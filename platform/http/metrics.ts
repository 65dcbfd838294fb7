/** The metrics of HTTP: how long requests took, by route and status; and `GET /metrics`, which shows all metrics. */
import { Histogram } from 'prom-client'
import { Type } from 'typebox'
import { TEXT_FORMAT, type Telemetry } from '../telemetry.ts'
import { callerOf, refuse } from './auth.ts'
import { isLoopback } from './client-address.ts'
import type { Handler, HttpApp } from './server.ts'

const Metrics = {
  description: 'In the text format of Prometheus',
  content: { [TEXT_FORMAT]: { schema: Type.String() } },
}

/** Half a microsecond a request. The label is the route's pattern, so there are only as many labels as routes. */
export function measureRequests(app: HttpApp, { registry }: Telemetry): void {
  const durations = new Histogram({
    name: 'mercado_http_request_seconds',
    help: 'From the head of a request to the end of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  })
  app.addHook('onResponse', ({ method, routeOptions: { url: route = 'none' } }, { statusCode, elapsedTime }, done) => {
    durations.observe({ method, route, status: statusCode }, elapsedTime / 1_000)
    done()
  })
}

export function addMetricsRoute(app: HttpApp, telemetry: Telemetry): void {
  app.get('/metrics', { schema: showMetricsSchema }, showMetrics(telemetry))
}

const showMetricsSchema = { summary: 'Figures for monitoring', tags: ['operations'], response: { 200: Metrics } }

const showMetrics =
  (telemetry: Telemetry): Handler<typeof showMetricsSchema> =>
  async (request, reply) => {
    // sales figures are confidential: only this machine and admins may ask
    const isHere = isLoopback(request.ip) && isLoopback(request.socket.remoteAddress ?? '')
    if (!isHere && callerOf(request).role !== 'admin') refuse(request)
    return reply.type(TEXT_FORMAT).send(await telemetry.text())
  }

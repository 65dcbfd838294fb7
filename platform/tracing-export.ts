/** Sends spans to a collector of OpenTelemetry, over HTTP as JSON. None of it is loaded unless a collector is named. */
import { context, type Tracer } from '@opentelemetry/api'
import type { Config } from './config.ts'
import { traceBy } from './tracing.ts'

type Settings = Pick<Config, 'OTEL_EXPORTER_OTLP_ENDPOINT' | 'OTEL_TRACES_SAMPLER_ARG'>

/** Traces every service of this process until it is disposed of, and then sends the last spans. */
export async function startTracing(
  { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: share }: Settings,
  version: string,
): Promise<AsyncDisposable> {
  if (!endpoint) return { [Symbol.asyncDispose]: async () => {} }
  const [{ AsyncLocalStorageContextManager }, { OTLPTraceExporter }, { resourceFromAttributes }, sdk] =
    await Promise.all([
      import('@opentelemetry/context-async-hooks'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/sdk-trace'),
    ])
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` })
  const processor = new sdk.BatchSpanProcessor({ exporter })
  const sampler = new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(share) })
  const made = new Map<string, Tracer>()
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  traceBy((service) => {
    const known = made.get(service)
    if (known) return known
    const resource = resourceFromAttributes({ 'service.name': service, 'service.version': version })
    const tracer = new sdk.TracerProvider({ resource, sampler, spanProcessors: [processor] }).getTracer(
      'mercado-veiculo',
    )
    made.set(service, tracer)
    return tracer
  })
  return {
    async [Symbol.asyncDispose]() {
      traceBy(undefined)
      await processor.shutdown().catch(() => {}) // a collector that is away must not hold up a stop
      context.disable()
    },
  }
}

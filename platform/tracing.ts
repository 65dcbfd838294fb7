/**
 * Traces follow one request or purchase across services, messages and statements. This file uses the API of OpenTelemetry; the code
 * that exports spans is loaded only if an exporter is named (tracing-export.ts). Without an exporter, tracing costs one look at
 * `tracers`, and a `traceparent` is neither read nor made.
 *
 * A group commit or a consumer's batch may work for several traces at once. Then it is a span of its own, with a link to each of
 * them. If it works for one trace only, it is a part of that trace.
 */
import {
  type Attributes,
  type Context,
  context,
  createContextKey,
  type Link,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'

export type { Context, Span }
export { SpanKind }

/** Makes the tracer of a service, by its name; undefined while nothing is traced. */
let tracers: ((service: string) => Tracer) | undefined

/** Called by tracing-export.ts. With undefined, tracing ends. */
export function traceBy(given: typeof tracers): void {
  tracers = given
}

export const isTracing = (): boolean => tracers !== undefined

/** The service that does the work: several may share a process. */
const SERVICE = createContextKey('service')
/** The work of a batch for each purchase, by its transaction_id. */
const CAUSES = createContextKey('causes')
type Causes = ReadonlyMap<string, Context>

export const asService = (service: string, within: Context = context.active()): Context =>
  within.setValue(SERVICE, service)

interface SpanOptions {
  readonly kind?: SpanKind
  readonly attributes?: Attributes
  readonly links?: readonly Context[]
}

/** Begins a span in the trace of `within`. The caller ends it. Undefined while nothing is traced. */
export function beginSpan(name: string, within: Context, { links = [], ...options }: SpanOptions = {}) {
  const service = String(within.getValue(SERVICE) ?? 'mercado-veiculo')
  const span = tracers?.(service).startSpan(name, { ...options, links: links.flatMap(linkTo) }, within)
  return span && { span, within: trace.setSpan(within, span) }
}

const linkTo = (other: Context): Link[] => {
  const found = trace.getSpanContext(other)
  return found ? [{ context: found }] : []
}

/** Whether this context belongs to a trace. */
export const isInTrace = (within: Context): boolean => trace.getSpanContext(within) !== undefined

/** Runs `work` as a span of the trace that is under way; outside any trace it just runs. */
export function traced<T>(
  name: string,
  options: SpanOptions,
  work: () => Promise<T>,
  within: Context = context.active(),
): Promise<T> {
  return isTracing() && isInTrace(within) ? asSpan(name, options, work, within) : work()
}

async function asSpan<T>(name: string, options: SpanOptions, work: () => Promise<T>, within: Context): Promise<T> {
  const begun = beginSpan(name, within, options)
  if (!begun) return work()
  try {
    return await context.with(begun.within, work)
  } catch (error) {
    fail(begun.span, error)
    throw error
  } finally {
    begun.span.end()
  }
}

/** Runs `work` as a part of `within`. */
export const inContext = <T>(within: Context | undefined, work: () => T): T =>
  within ? context.with(within, work) : work()

/** Says what kind of error it was, or its status. The words of an error stay out: they could hold personal data. */
export function fail(span: Span, error: unknown): void {
  const kind = error instanceof Error ? error.name : 'unknown'
  span.setStatus({ code: SpanStatusCode.ERROR })
  span.setAttribute('error.type', typeof error === 'string' ? error : kind)
}

/** Runs `work` outside any trace: for work that a request begins, but that goes on for everybody afterwards. */
export const detached = <T>(work: () => T): T =>
  isTracing() ? context.with(asService(serviceNow(), ROOT_CONTEXT), work) : work()

const serviceNow = () => String(context.active().getValue(SERVICE) ?? 'mercado-veiculo')

/** What a group commit keeps of each item. */
export const contextNow = (): Context | undefined => (isTracing() ? context.active() : undefined)

/** Runs `work` for all these items at once. */
export function together<T>(name: string, all: readonly (Context | undefined)[], work: () => Promise<T>): Promise<T> {
  if (!isTracing()) return work()
  const bySpan = new Map(all.flatMap((one) => (one ? [[trace.getSpanContext(one)?.spanId, one] as const] : [])))
  bySpan.delete(undefined)
  const [first, ...others] = bySpan.values()
  if (!first) return detached(work)
  if (others.length === 0) return context.with(first, work)
  const attributes = { 'mercado.batch.size': all.length }
  const alone = asService(String(first.getValue(SERVICE)), ROOT_CONTEXT)
  return asSpan(name, { links: [first, ...others], attributes }, work, alone)
}

/** Runs `work`; within it, `causeOf` finds these causes. */
export const withCauses = <T>(causes: Causes, work: () => T, within: Context = context.active()): T =>
  context.with(within.setValue(CAUSES, causes), work)

/** The context that work for this purchase belongs to: in a batch that of its own message, otherwise the present one. */
export function causeOf(transaction_id: string): Context {
  const active = context.active()
  return (active.getValue(CAUSES) as Causes | undefined)?.get(transaction_id) ?? active
}

/** The `traceparent` for headers and messages (W3C Trace Context). Undefined outside any trace. */
export function traceparentOf(within: Context): string | undefined {
  const found = trace.getSpanContext(within)
  if (!found) return undefined
  return `00-${found.traceId}-${found.spanId}-${found.traceFlags.toString(16).padStart(2, '0')}`
}

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-|$)/

/** The context of the trace that `traceparent` names; without a valid one, a context outside any trace. */
export function contextFrom(traceparent: string | undefined, within: Context = ROOT_CONTEXT): Context {
  const [, traceId, spanId, flags = ''] = TRACEPARENT.exec(traceparent ?? '') ?? []
  if (!traceId || !spanId) return within
  return trace.setSpanContext(within, { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true })
}

/** The headers that an outgoing request carries its trace in. */
export function traceHeaders(): { traceparent?: string } {
  const traceparent = isTracing() ? traceparentOf(context.active()) : undefined
  return traceparent ? { traceparent } : {}
}

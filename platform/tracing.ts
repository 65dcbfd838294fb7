/**
 * Traces: what became of one request or purchase, across services, messages and statements. This file speaks the API of
 * OpenTelemetry; what exports the spans is loaded only when an exporter is named (tracing-export.ts). Without one, all that is
 * left of a trace is a look at `tracers`, and a `traceparent` that somebody sent is neither read nor made.
 *
 * Who waits for company (a group commit, a consumer's batch) works for several traces at once: it is a span of its own, with a
 * link to each of them. Alone it is part of the trace that it works for.
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

/** By the name of a service. */
let tracers: ((service: string) => Tracer) | undefined

/** Called by tracing-export.ts; undefined: from now on nothing is traced. */
export function traceBy(given: typeof tracers): void {
  tracers = given
}

export const isTracing = (): boolean => tracers !== undefined

/** Whose work it is: several services may share a process. */
const SERVICE = createContextKey('service')
/** By transaction_id, the work of a batch that is done for each purchase. */
const CAUSES = createContextKey('causes')
type Causes = ReadonlyMap<string, Context>

export const asService = (service: string, within: Context = context.active()): Context =>
  within.setValue(SERVICE, service)

interface SpanOptions {
  readonly kind?: SpanKind
  readonly attributes?: Attributes
  readonly links?: readonly Context[]
}

/** Begun, and part of the trace of `within`. The caller ends it. Undefined while nothing is traced. */
export function beginSpan(name: string, within: Context, { links = [], ...options }: SpanOptions = {}) {
  const service = String(within.getValue(SERVICE) ?? 'mercado-veiculo')
  const span = tracers?.(service).startSpan(name, { ...options, links: links.flatMap(linkTo) }, within)
  return span && { span, within: trace.setSpan(within, span) }
}

const linkTo = (other: Context): Link[] => {
  const found = trace.getSpanContext(other)
  return found ? [{ context: found }] : []
}

/** Whether anything that is done within it belongs to a trace. */
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

/** Says what kind of error it was, or its status. The words of an error stay out: they could hold what was asked for. */
export function fail(span: Span, error: unknown): void {
  const kind = error instanceof Error ? error.name : 'unknown'
  span.setStatus({ code: SpanStatusCode.ERROR })
  span.setAttribute('error.type', typeof error === 'string' ? error : kind)
}

/** Runs `work` outside any trace: what goes on after the request that began it, for whoever comes. */
export const detached = <T>(work: () => T): T =>
  isTracing() ? context.with(asService(serviceNow(), ROOT_CONTEXT), work) : work()

const serviceNow = () => String(context.active().getValue(SERVICE) ?? 'mercado-veiculo')

/** What a group commit keeps of each item. */
export const contextNow = (): Context | undefined => (isTracing() ? context.active() : undefined)

/** Runs `work` for all of these at once. */
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

/** Runs `work`; within it, `causeOf` finds these. */
export const withCauses = <T>(causes: Causes, work: () => T, within: Context = context.active()): T =>
  context.with(within.setValue(CAUSES, causes), work)

/** What work for this purchase is part of: in a batch its own message, else what is under way. */
export function causeOf(transaction_id: string): Context {
  const active = context.active()
  return (active.getValue(CAUSES) as Causes | undefined)?.get(transaction_id) ?? active
}

/** As headers and messages carry it (W3C Trace Context). Undefined outside any trace. */
export function traceparentOf(within: Context): string | undefined {
  const found = trace.getSpanContext(within)
  if (!found) return undefined
  return `00-${found.traceId}-${found.spanId}-${found.traceFlags.toString(16).padStart(2, '0')}`
}

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-|$)/

/** The trace that `traceparent` names, and none when it names none. */
export function contextFrom(traceparent: string | undefined, within: Context = ROOT_CONTEXT): Context {
  const [, traceId, spanId, flags = ''] = TRACEPARENT.exec(traceparent ?? '') ?? []
  if (!traceId || !spanId) return within
  return trace.setSpanContext(within, { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true })
}

/** For an outgoing request. */
export function traceHeaders(): { traceparent?: string } {
  const traceparent = isTracing() ? traceparentOf(context.active()) : undefined
  return traceparent ? { traceparent } : {}
}

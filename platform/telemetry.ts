/**
 * The metrics of a service for a monitoring system: counters and histograms that the code feeds as it works, and gauges that
 * are read when somebody looks. One registry a service, because several may share a process; each of them also shows the
 * metrics of the process.
 */
import { Counter, collectDefaultMetrics, Registry, Gauge as Shown } from 'prom-client'

/** A value that is read when somebody asks, at most every few seconds. */
export interface Gauge {
  /** `mercado_…`, with its unit at the end. */
  readonly name: string
  readonly help: string
  /** Labels must have few values, and name no person. */
  readonly labels?: readonly string[]
  readonly read: () => Promise<readonly Reading[]>
}

interface Reading {
  readonly labels?: Readonly<Record<string, string>>
  readonly value: number
}

export interface Telemetry {
  /** Where counters and histograms are registered. */
  readonly registry: Registry
  gauge(gauge: Gauge): void
  /** All metrics in the text format of Prometheus. A gauge that cannot be read is left out and counted. */
  text(): Promise<string>
}

export const TEXT_FORMAT = Registry.PROMETHEUS_CONTENT_TYPE

/** How long a gauge's value is shown again before it is read anew. */
const FRESH_FOR_MS = 5_000
/** How long all gauges together may take: a monitoring system gives up after ten seconds. */
const PATIENCE_MS = 4_000

export function telemetry(service: string, freshFor = FRESH_FOR_MS): Telemetry {
  const registry = new Registry()
  registry.setDefaultLabels({ service })
  const registers = [registry]
  const gauges = new Map<Gauge, Shown>()
  const failures = new Counter({
    name: 'mercado_gauge_failures_total',
    help: 'Gauges that could not be read when they were asked for',
    labelNames: ['gauge'],
    registers,
  })
  let lastRead = Number.NEGATIVE_INFINITY
  let reading: Promise<void> | undefined

  /** Read one after the other, so that metrics do not take the connections of requests. */
  async function readAll() {
    const giveUpAt = performance.now() + PATIENCE_MS
    for (const [{ name, read }, shown] of gauges) {
      const readings = await within(giveUpAt - performance.now(), read).catch(() => undefined)
      shown.reset()
      if (!readings) failures.inc({ gauge: name })
      for (const { labels = {}, value } of readings ?? []) shown.set(labels, value)
      if (!readings) shown.remove({})
    }
    lastRead = performance.now()
    reading = undefined
  }

  return {
    registry,
    gauge(gauge) {
      const { name, help, labels: labelNames = [] } = gauge
      gauges.set(gauge, new Shown({ name, help, labelNames: [...labelNames], registers }))
    },
    async text() {
      if (performance.now() - lastRead >= freshFor) {
        reading ??= readAll()
        await reading
      }
      return `${await registry.metrics()}\n${await ofTheProcess().metrics()}`
    },
  }
}

async function within<T>(milliseconds: number, read: () => Promise<T>): Promise<T> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('a gauge took too long')), Math.max(milliseconds, 0))
  try {
    return await Promise.race([read(), tooLate])
  } finally {
    clearTimeout(timer)
  }
}

let shared: Registry | undefined

/** Processor time, memory, garbage collection, event-loop delay: measured once, however many services there are. */
function ofTheProcess(): Registry {
  if (!shared) {
    shared = new Registry()
    collectDefaultMetrics({ register: shared })
  }
  return shared
}

/**
 * The steps of sagas in traces. Each belongs to the trace of the request that began its saga, however much later it comes. If another
 * trace brought it about, such as a Pix that was paid an hour later or an operator's act, the step has a link to that trace.
 */
import {
  asService,
  beginSpan,
  type Context,
  causeOf,
  contextFrom,
  contextNow,
  fail,
  inContext,
  isInTrace,
  isTracing,
  type Span,
  traceparentOf,
  withCauses,
} from '#platform/tracing'
import type { Decision, Saga } from '#saga'
import { isDecision, type Progress, type Work } from './decide-batch.ts'

/** The request, with its trace, which the saga keeps. */
export function withTrace<Request extends object>(request: Request): Request & { readonly traceparent?: string } {
  const within = contextNow()
  const traceparent = within && traceparentOf(within)
  return traceparent ? { ...request, traceparent } : request
}

/** The work, with its trace: several pieces of work wait together for their turn. */
export const withCause = (work: Work): Work => (isTracing() ? { ...work, cause: causeOf(work.transaction_id) } : work)

export interface StepSpans {
  /** Begins a span for each step that these sagas have come to. */
  begin(all: readonly Progress[]): void
  /** Messages that `work` sends belong to its saga's step. */
  sending<T>(work: () => T): T
  /** Runs `work` as a part of this saga's step. */
  following<T>(transaction_id: string, work: () => T): T
  /** Ends the spans, once the sagas are stored or could not be. */
  end(error?: unknown): void
}

const UNTRACED: StepSpans = {
  begin: () => {},
  sending: (work) => work(),
  following: (_transaction_id, work) => work(),
  end: () => {},
}

/** The spans of one batch. */
export function stepSpans(): StepSpans {
  if (!isTracing()) return UNTRACED
  const spans: Span[] = []
  const steps = new Map<string, Context>()
  return {
    begin(all) {
      for (const { works, answers } of all) {
        for (const [index, work] of works.entries()) {
          const answer = answers[index]
          const begun = isDecision(answer) ? stepSpan(answer, work.cause) : undefined
          if (begun) spans.push(begun.span)
          if (begun) steps.set(work.transaction_id, begun.within)
        }
      }
    },
    sending: (work) => withCauses(steps, work),
    following: (transaction_id, work) => inContext(steps.get(transaction_id), work),
    end(error) {
      for (const span of spans) {
        if (error !== undefined) fail(span, error)
        span.end()
      }
    },
  }
}

function stepSpan({ saga, transition }: Decision, cause: Context | undefined) {
  if (!transition) return undefined
  const home = homeOf(saga, cause)
  const attributes = {
    'mercado.transaction_id': saga.transaction_id,
    'mercado.saga': saga.definition,
    'mercado.saga.status': transition.status,
    'mercado.saga.what': transition.what,
    'mercado.saga.attempt': transition.attempt,
  }
  return beginSpan(`saga ${transition.step}`, home, { attributes, links: cause && cause !== home ? [cause] : [] })
}

/** The trace of a saga's steps: that of the request that began it, or else that of the work that moves it now. */
function homeOf({ data }: Saga, cause: Context | undefined): Context {
  const own = asService(
    'orquestrador',
    contextFrom(typeof data.traceparent === 'string' ? data.traceparent : undefined),
  )
  return isInTrace(own) || !cause ? own : cause
}

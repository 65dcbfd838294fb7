/** Messages in traces: each is sent with the trace that it belongs to, and is handled as a part of that trace. */
import { type Message, subscriberOf } from '#contracts'
import {
  asService,
  beginSpan,
  causeOf,
  contextFrom,
  fail,
  isInTrace,
  isTracing,
  SpanKind,
  together,
  traceparentOf,
  withCauses,
} from '#platform/tracing'

type Named = Pick<Message, 'message_id' | 'transaction_id' | 'type'>

const attributesOf = ({ message_id, transaction_id, type }: Named) => ({
  'messaging.system': 'gcp_pubsub',
  'messaging.destination.name': type,
  'messaging.message.id': message_id,
  'mercado.transaction_id': transaction_id,
})

/** The `traceparent` of a message that is about to be written to the outbox. */
export function leaving(message: Named): string | undefined {
  if (!isTracing()) return undefined
  const within = causeOf(message.transaction_id)
  if (!isInTrace(within)) return undefined
  const options = { kind: SpanKind.PRODUCER, attributes: attributesOf(message) }
  const begun = beginSpan(`send ${message.type}`, within, options)
  begun?.span.end()
  return begun && traceparentOf(begun.within)
}

/** Handles a batch: each message in its own trace; the work for all of them is one span with a link to each. */
export async function handledInTraces<T>(
  subscription: string,
  messages: readonly Message[],
  work: () => Promise<T>,
): Promise<T> {
  if (!isTracing()) return work()
  const service = subscriberOf(subscription)
  const begun = messages.flatMap((message) => {
    const attributes = { ...attributesOf(message), 'messaging.destination.subscription.name': subscription }
    const within = asService(service, contextFrom(message.traceparent))
    return beginSpan(`process ${message.type}`, within, { kind: SpanKind.CONSUMER, attributes }) ?? []
  })
  const contexts = begun.map(({ within }) => within)
  const causes = new Map(contexts.map((within, index) => [messages[index]?.transaction_id ?? '', within]))
  try {
    return await together(`batch ${subscription}`, contexts, () => withCauses(causes, work))
  } catch (error) {
    for (const { span } of begun) fail(span, error)
    throw error
  } finally {
    for (const { span } of begun) span.end()
  }
}

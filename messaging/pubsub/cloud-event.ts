/**
 * What makes a message a CloudEvent too (CloudEvents 1.0, Google Pub/Sub protocol binding, binary mode): attributes beside ours, so
 * that Eventarc, Knative and the libraries of CloudEvents read it as it is. Services read their own attributes.
 */
import { knownPublisherOf, type Message } from '#contracts'

export function cloudEventOf({ message_id, type, transaction_id, occurred_at, traceparent }: Omit<Message, 'body'>) {
  return {
    'content-type': 'application/json',
    'ce-specversion': '1.0',
    'ce-id': message_id,
    'ce-source': sourceOf(type),
    'ce-type': type,
    'ce-subject': transaction_id,
    'ce-time': occurred_at,
    ...(traceparent && { 'ce-traceparent': traceparent }), // its extension for distributed tracing
  }
}

/** Whoever publishes it: with the id it names the event, whatever other systems publish to the same place. */
const sourceOf = (type: string) => ['/mercado-veiculo', knownPublisherOf(type)].filter(Boolean).join('/')

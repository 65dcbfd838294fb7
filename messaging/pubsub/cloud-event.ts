/**
 * The attributes that make a message a CloudEvent too (CloudEvents 1.0, Google Pub/Sub protocol binding, binary mode). With them
 * Eventarc, Knative and CloudEvents libraries can read it as it is. Services read our own attributes.
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
    ...(traceparent && { 'ce-traceparent': traceparent }), // CloudEvents' extension for distributed tracing
  }
}

/** The publisher. Source and id together are unique, even if other systems publish to the same place. */
const sourceOf = (type: string) => ['/mercado-veiculo', knownPublisherOf(type)].filter(Boolean).join('/')

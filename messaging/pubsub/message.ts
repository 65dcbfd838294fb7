/** A message as Pub/Sub carries it: the body is the JSON of its contract; the rest are attributes, ours and those of CloudEvents. */
import type { Message } from '#contracts'
import type { Delivery } from '../bus.ts'
import { cloudEventOf } from './cloud-event.ts'

export interface Encoded {
  readonly data: Buffer
  readonly attributes: Readonly<Record<string, string>>
}

export function encode({ body, ...message }: Message): Encoded {
  const attributes = { ...message, schema_version: String(message.schema_version), ...cloudEventOf(message) }
  return { data: Buffer.from(JSON.stringify(body)), attributes }
}

/** The parts of the client library's message that are read here. */
interface Received {
  readonly id: string
  readonly data: Buffer
  readonly attributes: Readonly<Record<string, string>>
  readonly publishTime: Date
}

/** An unreadable message is passed on as such, to be parked: it must neither be lost nor stop others. */
export function decode(received: Received, topic: string): Omit<Delivery, 'attempt'> {
  const { message_id, type = topic, transaction_id, schema_version, occurred_at, traceparent } = received.attributes
  const text = received.data.toString()
  const body = parsed(text)
  const missing = Object.entries({ message_id, transaction_id, schema_version, occurred_at })
    .filter(([, value]) => !value)
    .map(([name]) => name)
  const faults = [
    ...(missing.length > 0 ? [`lacks the attributes ${missing.join(', ')}`] : []),
    ...(body === undefined ? ['is no JSON'] : []),
    ...(schema_version && !/^[1-9]\d{0,8}$/.test(schema_version) ? [`has schema_version ${schema_version}`] : []),
  ]
  return {
    message: {
      message_id: message_id || `pubsub-${received.id}`,
      type,
      transaction_id: transaction_id ?? '',
      schema_version: Number(schema_version) || 0,
      occurred_at: occurred_at ?? received.publishTime.toISOString(),
      ...(traceparent && { traceparent }),
      body: body === undefined ? text : body,
    },
    ...(faults.length > 0 && { unreadable: `cannot be read: it ${faults.join('; it ')}` }),
    ...givenUp(received.attributes),
  }
}

/** Attributes that Pub/Sub adds when it forwards to a dead-letter topic. */
function givenUp(attributes: Readonly<Record<string, string>>): Pick<Delivery, 'givenUp'> {
  const subscription = attributes.CloudPubSubDeadLetterSourceSubscription
  if (!subscription) return {}
  return { givenUp: { subscription, attempts: Number(attributes.CloudPubSubDeadLetterSourceDeliveryCount) || 0 } }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

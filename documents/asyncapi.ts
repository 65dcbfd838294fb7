/** The AsyncAPI 3 document of every message on the bus, made from the message contracts: nothing in it is written by hand. */

import * as contracts from '#contracts'
import { publisherOf, serviceNames, subscriberOf } from '#contracts'
import type { Json, Schema } from '#platform/http/openapi-document'

const DESCRIPTION = `Every message between the services. A channel is a Google Cloud Pub/Sub topic, one for each type of message; a
\`receive\` operation is a subscription, named as on Pub/Sub, which gets every message of its topic at least once, in no certain
order. The headers travel as message attributes, the payload is the JSON of the message's data. Those that begin with \`ce-\` say the same in
the words of CloudEvents 1.0 (binary mode of its Pub/Sub binding). Money is in integer cents of BRL.`

export function asyncApi(version: string): Json {
  const all = messageContracts()
  return {
    asyncapi: '3.1.0',
    info: { title: 'Mercado Veículo: messages', version, description: DESCRIPTION },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(all.map((contract) => [contract.topic, channelOf(contract)])),
    operations: Object.fromEntries(all.flatMap(operationsOf)),
    components: {
      messages: Object.fromEntries(all.map((contract) => [contract.topic, messageOf(contract)])),
      tags: Object.fromEntries([...serviceNames].sort().map((name) => [name, { name }])),
    },
  }
}

function messageContracts(): readonly contracts.MessageContract[] {
  return Object.values<unknown>(contracts)
    .filter(
      (value): value is contracts.MessageContract =>
        typeof value === 'object' && value !== null && 'topic' in value && 'subscriptions' in value,
    )
    .sort((a, b) => (a.topic < b.topic ? -1 : 1))
}

const channelOf = ({ topic }: contracts.MessageContract): Schema => ({
  address: topic,
  messages: { message: { $ref: `#/components/messages/${topic}` } },
})

function operationsOf(contract: contracts.MessageContract): [string, Json][] {
  const { topic, subscriptions } = contract
  const sender = publisherOf(topic)
  return [
    [`${sender}-${topic.split('.').join('-')}`, operation('send', contract, sender, `${sender} sends it`)],
    ...subscriptions.map((name): [string, Json] => {
      const receiver = subscriberOf(name)
      return [name, operation('receive', contract, receiver, `${receiver} gets it by ${name}`)]
    }),
  ]
}

const operation = (
  action: 'send' | 'receive',
  { topic }: contracts.MessageContract,
  service: string,
  summary: string,
): Schema => ({
  action,
  channel: { $ref: `#/channels/${topic}` },
  summary,
  tags: [{ $ref: `#/components/tags/${service}` }],
  messages: [{ $ref: `#/channels/${topic}/messages/message` }],
})

const messageOf = ({ topic, version, body }: contracts.MessageContract): Schema => ({
  name: topic,
  title: titleOf(topic),
  contentType: 'application/json',
  headers: {
    type: 'object',
    required: ['message_id', 'type', 'transaction_id', 'schema_version', 'occurred_at'],
    properties: {
      message_id: { type: 'string', format: 'uuid', description: 'The same at each delivery of the message' },
      type: { const: topic },
      transaction_id: plain(contracts.TransactionId),
      schema_version: { const: String(version), description: 'Of the payload' },
      occurred_at: plain(contracts.Timestamp),
      traceparent: { type: 'string', description: 'W3C trace context of the work that sent it' },
      ...cloudEvent(topic),
    },
  },
  payload: { title: payloadName(topic), ...plain(body) },
})

const cloudEvent = (topic: string): Schema => ({
  'content-type': { const: 'application/json' },
  'ce-specversion': { const: '1.0' },
  'ce-id': { type: 'string', format: 'uuid', description: 'The message_id' },
  'ce-source': { const: `/mercado-veiculo/${publisherOf(topic)}` },
  'ce-type': { const: topic },
  'ce-subject': { ...plain(contracts.TransactionId), description: 'The transaction_id' },
  'ce-time': { ...plain(contracts.Timestamp), description: 'The occurred_at' },
  'ce-traceparent': { type: 'string' },
})

/** `commands.credit.reserve` carries a CreditReserve: what generators call its type. */
const payloadName = (topic: string): string =>
  topic
    .split(/[._]/)
    .slice(1)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')

/** `commands.credit.reserve` is "Command: credit reserve". */
function titleOf(topic: string): string {
  const [kind = '', ...words] = topic.split(/[._]/)
  return `${kind === 'commands' ? 'Command' : 'Event'}: ${words.join(' ')}`
}

/** Removes the parts of a schema that only TypeBox uses. */
const plain = (schema: object): Schema => JSON.parse(JSON.stringify(schema))

/** The messages of one completed purchase over Pub/Sub, counted on a simulated purchase by the bytes that Pub/Sub charges. */

import type { MessageContract } from '#contracts'
import * as contracts from '#contracts'
import { NOW, REQUEST, TRANSACTION } from '../saga-answers.ts'
import { type Scene, tell } from '../saga-tale.ts'

export interface Traffic {
  readonly published: number
  /** Each subscription of a topic gets its own copy. */
  readonly delivered: number
  /** The bytes of all copies, as Pub/Sub counts a message. */
  readonly bytes: number
  /** The charged bytes when every message travels in a request of its own: at least 1,000 bytes each. */
  readonly billed_bytes: number
}

const LEAST_BYTES = 1_000
/** Beside body and attributes: the time of publication, and the id that Pub/Sub gives. */
const OWN_BYTES = 20 + 17

export function traffic(): Traffic {
  const sent = tell([], REQUEST).flatMap(messagesOf)
  const total = { published: 0, delivered: 0, bytes: 0, billed_bytes: 0 }
  for (const { contract, body } of sent) {
    const journeys = 1 + contract.subscriptions.length
    const bytes = bytesOf(contract, body)
    total.published += 1
    total.delivered += contract.subscriptions.length
    total.bytes += journeys * bytes
    total.billed_bytes += journeys * Math.max(bytes, LEAST_BYTES)
  }
  return total
}

interface Sent {
  readonly contract: MessageContract
  readonly body: unknown
}

function messagesOf({ input, decision }: Scene): Sent[] {
  const sends = decision.effects.flatMap((effect) => (effect.kind === 'send' ? [effect] : []))
  return input?.kind === 'reply' ? [{ contract: contractOf(input.type), body: input.body }, ...sends] : sends
}

function contractOf(topic: string): MessageContract {
  const found = Object.values<unknown>(contracts).find(
    (value): value is MessageContract =>
      typeof value === 'object' && value !== null && 'topic' in value && value.topic === topic,
  )
  if (!found) throw new Error(`there is no contract ${topic}`)
  return found
}

function bytesOf({ topic, version }: MessageContract, body: unknown): number {
  const attributes = {
    message_id: TRANSACTION,
    type: topic,
    transaction_id: TRANSACTION,
    schema_version: String(version),
    occurred_at: NOW.toISOString(),
  }
  return (
    Buffer.byteLength(JSON.stringify(body)) + Buffer.byteLength(Object.entries(attributes).flat().join('')) + OWN_BYTES
  )
}

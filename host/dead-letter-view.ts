/** A dead letter as operators see it. Message bodies hold no personal data, by their contracts. */
import { type Static, Type } from 'typebox'
import { EntityId, Timestamp } from '#contracts'
import type { KeptDeadLetter } from '#messaging'

const Status = Type.Enum(['waiting', 'replayed', 'discarded'])
const Moment = Type.Union([Timestamp, Type.Null()])
const Someone = Type.Union([Type.String(), Type.Null()])

export const DeadLetterView = Type.Object(
  {
    id: EntityId,
    subscription: Type.String({ description: 'Whose message it is', examples: ['cliente-service-reserve-credit-sub'] }),
    status: Status,
    reason: Type.String({ description: 'Why it could not be handled, the last time that it was tried' }),
    attempts: Type.Integer({ description: 'How often it was tried, replays included' }),
    parked_at: Timestamp,
    tried_at: Moment,
    tried_by: Someone,
    settled_at: Moment,
    settled_by: Someone,
    settled_because: Someone,
    message: Type.Object({
      message_id: Type.String(),
      type: Type.String(),
      schema_version: Type.Integer(),
      transaction_id: Type.String({ description: 'Of the purchase that it belongs to' }),
      occurred_at: Type.String(),
      body: Type.Unknown(),
    }),
  },
  {
    title: 'DeadLetter',
    description: '`tried_…` tell of the last replay that failed, `settled_…` how it was dealt with',
  },
)

export function viewOf(letter: KeptDeadLetter): Static<typeof DeadLetterView> {
  const { id, subscription, status, reason, attempts, at, tried_by, settled_by, settled_because, message } = letter
  const { message_id, type, schema_version, transaction_id, occurred_at, body } = message
  return {
    id,
    subscription,
    status,
    reason,
    attempts,
    parked_at: at.toISOString(),
    tried_at: letter.tried_at?.toISOString() ?? null,
    tried_by,
    settled_at: letter.settled_at?.toISOString() ?? null,
    settled_by,
    settled_because,
    message: { message_id, type, schema_version, transaction_id, occurred_at, body },
  }
}

/** How a return looks over HTTP. */
import { type Static, Type } from 'typebox'
import { EntityId, Timestamp, TransactionId } from '#contracts'
import type { StoredReturn } from '../returns/return-store.ts'

const TimestampOrNull = Type.Union([Timestamp, Type.Null()])

export const ReturnView = Type.Object(
  {
    return_id: TransactionId,
    transaction_id: TransactionId,
    customer_id: EntityId,
    vehicle_id: EntityId,
    status: Type.Enum(['open', 'completed', 'cancelled']),
    asked_by: Type.String(),
    reason: Type.Optional(Type.String()),
    asked_at: Timestamp,
    received_at: TimestampOrNull,
    received_by: Type.Optional(Type.String()),
    mileage_km: Type.Optional(Type.Integer()),
    notes: Type.Optional(Type.String()),
    ended_at: TimestampOrNull,
  },
  { title: 'Return' },
)

/** A buyer is not shown the names of staff. */
export function returnView(stored: StoredReturn, forBuyer: boolean): Static<typeof ReturnView> {
  const { return_id, purchase_id, customer_id, vehicle_id, status, asked_by, reason, mileage_km, notes } = stored
  return {
    ...{ return_id, transaction_id: purchase_id, customer_id, vehicle_id, status },
    asked_by: forBuyer ? (asked_by.split(' ')[0] ?? '') : asked_by,
    ...(reason !== null && { reason }),
    asked_at: stored.asked_at.toISOString(),
    received_at: stored.received_at?.toISOString() ?? null,
    ...(stored.received_by !== null && !forBuyer && { received_by: stored.received_by }),
    ...(mileage_km !== null && { mileage_km }),
    ...(notes !== null && { notes }),
    ended_at: stored.ended_at?.toISOString() ?? null,
  }
}

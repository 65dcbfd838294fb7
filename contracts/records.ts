/**
 * The records that each service has of purchases, for other services and for an auditor: one record a purchase, in the order
 * of their ids, which is the order in which they began. No personal data.
 */
import { type Static, type TObject, type TProperties, Type } from 'typebox'
import { PaymentCodeStatus, PaymentStatus } from './payment.ts'
import { EntityId, PaymentType, Timestamp, TransactionId } from './primitives.ts'
import { SagaStatus } from './purchase.ts'
import { VehicleStatus } from './vehicle.ts'

/** The most records on a page. */
export const RECORDS_PER_PAGE = 500

const UUID = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'

export const RecordsQuery = Type.Object({
  after: Type.Optional(Type.String({ format: 'uuid', description: 'The last `transaction_id` of the page before' })),
  ids: Type.Optional(
    Type.String({
      pattern: `^${UUID}(,${UUID}){0,99}$`,
      description: 'At most 100 purchases, comma-separated: those that are on record here; nothing else is looked at',
    }),
  ),
  limit: Type.Integer({ minimum: 1, maximum: RECORDS_PER_PAGE, default: RECORDS_PER_PAGE }),
})

const page = <Properties extends TProperties>(record: TObject<Properties>) =>
  Type.Object({ records: Type.Array(record), timestamp: Timestamp })

/** Without `multipleOf`: in floating point, 50000000.19 is no multiple of 0.01, and a strict checker would refuse it. */
const Amount = Type.Number({ minimum: 0, description: 'BRL, at most two decimals' })
const Abated = Type.Number({
  minimum: 0,
  description: 'BRL: what of a returned purchase a warranty had given back before, by other means',
})
const SignedAmount = Type.Number({ description: 'BRL, signed, at most two decimals' })

/** How a return stands, as the orquestrador has it. */
const ReturnState = Type.Object({
  return_id: TransactionId,
  status: SagaStatus,
  current_step: Type.String(),
  deadline: Type.Union([Timestamp, Type.Null()]),
  given_up: Type.Array(Type.String()),
  received: Type.Boolean({ description: 'Whether the vehicle is back: from here it only goes forward' }),
})

/** Of the orquestrador. */
export const PurchaseRecord = Type.Object(
  {
    transaction_id: TransactionId,
    customer_id: EntityId,
    vehicle_id: EntityId,
    amount: Amount,
    payment_type: PaymentType,
    status: SagaStatus,
    current_step: Type.String(),
    deadline: Type.Union([Timestamp, Type.Null()]),
    given_up: Type.Array(Type.String(), { description: 'Steps that an operator has given up' }),
    updated_at: Timestamp,
    return: Type.Union([ReturnState, Type.Null()], { description: 'The return that is open or was completed' }),
  },
  { title: 'PurchaseRecord' },
)
export type PurchaseRecord = Static<typeof PurchaseRecord>
export const PurchaseRecords = page(PurchaseRecord)

/** Of cliente-service. */
export const HoldRecord = Type.Object(
  {
    transaction_id: TransactionId,
    customer_id: EntityId,
    amount: Amount,
    payment_type: PaymentType,
    status: Type.Enum(['held', 'refused', 'released', 'returned']),
    moved: Type.Number({ description: 'BRL, signed: what the ledger says that this purchase moved' }),
    abated: Type.Optional(Abated),
  },
  { title: 'HoldRecord' },
)
export type HoldRecord = Static<typeof HoldRecord>
export const HoldRecords = page(HoldRecord)

/** Of veiculo-service. */
export const ReservationRecord = Type.Object(
  {
    transaction_id: TransactionId,
    customer_id: EntityId,
    vehicle_id: EntityId,
    status: Type.Enum(['reserved', 'refused', 'released', 'sold', 'returned']),
    vehicle_status: Type.Union([VehicleStatus, Type.Null()], { description: 'null: there is no such vehicle' }),
    has_vehicle: Type.Boolean({ description: 'Whether the vehicle itself says that this purchase has it' }),
    picked_up_at: Type.Union([Timestamp, Type.Null()], { description: 'When this purchase was handed its vehicle' }),
    return: Type.Union(
      [
        Type.Object({
          return_id: TransactionId,
          status: Type.Enum(['held', 'taken_back']),
          abated: Type.Optional(Abated),
        }),
        Type.Null(),
      ],
      { description: 'The return for which the vehicle is held, or by which it came back' },
    ),
  },
  { title: 'ReservationRecord' },
)
export type ReservationRecord = Static<typeof ReservationRecord>
export const ReservationRecords = page(ReservationRecord)

/** Of pagamento-service. */
export const ChargeRecord = Type.Object(
  {
    transaction_id: TransactionId,
    customer_id: EntityId,
    vehicle_id: EntityId,
    amount: Amount,
    payment_type: PaymentType,
    code_status: PaymentCodeStatus,
    payment_status: Type.Union([PaymentStatus, Type.Null()]),
    refund_under_way: Type.Boolean({ description: 'Whether the provider is being asked to give the payment back' }),
    owed: Amount,
    abated: Type.Optional(Abated),
    parts_disagree: Type.Optional(
      Type.String({
        description: 'Of one paid at the counter, how its parts differ from what its code says, if they do',
      }),
    ),
    updated_at: Timestamp,
  },
  { title: 'ChargeRecord' },
)
export type ChargeRecord = Static<typeof ChargeRecord>
export const ChargeRecords = page(ChargeRecord)

/** Of cliente-service: what a customer has, beside what ledger and holds say that they should have. */
export const AccountRecord = Type.Object(
  {
    customer_id: EntityId,
    account_balance: Amount,
    available_credit: Amount,
    used_credit: Amount,
    ledger_balance: SignedAmount,
    ledger_credit: SignedAmount,
    held_credit: Amount,
  },
  { title: 'AccountRecord' },
)
export type AccountRecord = Static<typeof AccountRecord>
export const AccountRecords = Type.Object({ accounts: Type.Array(AccountRecord), timestamp: Timestamp })

export const AccountsQuery = Type.Object({
  after: Type.Integer({ minimum: 0, default: 0, description: 'The last `customer_id` of the page before' }),
  limit: Type.Integer({ minimum: 1, maximum: RECORDS_PER_PAGE, default: RECORDS_PER_PAGE }),
})

/** From identidade-service: which customer an account has. `waits`: it will get one automatically. */
export const AccountTie = Type.Object(
  {
    account_id: Type.String({ format: 'uuid' }),
    customer_id: Type.Union([EntityId, Type.Null()]),
    waits: Type.Boolean(),
    created_at: Timestamp,
  },
  { title: 'AccountTie' },
)
export type AccountTie = Static<typeof AccountTie>
export const AccountTies = Type.Object({ accounts: Type.Array(AccountTie) })

/** From cliente-service: which account a customer belongs to; erased customers have none any more. */
export const CustomerTie = Type.Object(
  { account_id: Type.String({ format: 'uuid' }), customer_id: EntityId, at: Timestamp },
  { title: 'CustomerTie' },
)
export type CustomerTie = Static<typeof CustomerTie>
export const CustomerTies = Type.Object({ customers: Type.Array(CustomerTie) })

export const TiesQuery = Type.Object({
  after: Type.Optional(Type.String({ format: 'uuid', description: 'The last `account_id` of the page before' })),
  limit: Type.Integer({ minimum: 1, maximum: RECORDS_PER_PAGE, default: RECORDS_PER_PAGE }),
})

/** Of every service: what waits to be sent, and what waits for an operator. */
export const WaitingMessages = Type.Object(
  {
    outbox: Type.Object({
      rows: Type.Integer({ description: 'Transactions whose messages are not sent yet, counted up to 100,000' }),
      oldest_age_seconds: Type.Number({ description: '0 when there is none' }),
    }),
    dead_letters: Type.Array(Type.Object({ subscription: Type.String(), waiting: Type.Integer() })),
    timestamp: Timestamp,
  },
  { title: 'WaitingMessages' },
)

/** An act that may have served somebody's own advantage: an auditor asks who it was and why. */
export const SUSPICIONS = [
  'decided_alone',
  'sold_by_hand_alone',
  'price_dropped_before_sale',
  'moved_much_by_hand',
  'held_again_and_again',
] as const

/** Of every service: the suspicions about its own acts since a time. */
export const Suspicion = Type.Object(
  {
    kind: Type.Enum([...SUSPICIONS]),
    subject: Type.String({ description: '`vehicle 7`, `customer 7`, or who it was' }),
    facts: Type.String(),
  },
  { title: 'Suspicion' },
)
export type Suspicion = Static<typeof Suspicion>
export const Suspicions = Type.Object({ suspicions: Type.Array(Suspicion), timestamp: Timestamp })

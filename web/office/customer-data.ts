/** The data that the page of a customer and its panels show. */
import type {
  Consents,
  Customer,
  Erasure,
  HistoryEntry,
  Saga,
  StatementEntry,
} from '../../clients/typescript/operations.ts'

export interface CustomerData {
  readonly customer: Customer
  readonly sagas: readonly Saga[]
  /** Absent where the role hides it. */
  readonly statement: readonly StatementEntry[] | undefined
  readonly history: readonly HistoryEntry[] | undefined
  /** What holds now; absent where the role hides it. */
  readonly consents: Consents['consents'] | undefined
  /** Absent: it was not asked for, or the role hides it. */
  readonly erasure: Erasure | undefined
  /** The idempotency key of the form for money: a form that is sent twice counts once. */
  readonly key: string
  readonly done: string
}

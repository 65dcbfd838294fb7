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
  /** Undefined for roles that may not see it. */
  readonly statement: readonly StatementEntry[] | undefined
  readonly history: readonly HistoryEntry[] | undefined
  /** The consents in force. Undefined for roles that may not see them. */
  readonly consents: Consents['consents'] | undefined
  /** Undefined if nobody asked for it, and for roles that may not see it. */
  readonly erasure: Erasure | undefined
  /** The idempotency key of the form for money: a form that is sent twice counts once. */
  readonly key: string
  readonly done: string
}

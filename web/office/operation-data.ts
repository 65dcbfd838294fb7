/** The data that the page of the operation and its panels show. */
import type { OverdueSaga, OwedItem, UnmatchedPayment } from '../../clients/typescript/operations.ts'
import type { Letter, Request } from './every-service.server.ts'
import type { ServiceHealth } from './health.server.ts'

export interface OperationData {
  readonly services: readonly ServiceHealth[]
  readonly deadLetters: readonly Letter[]
  readonly approvals: readonly Request[]
  readonly late: readonly OverdueSaga[]
  readonly unmatched: readonly UnmatchedPayment[]
  readonly owed: readonly OwedItem[]
  readonly admin: boolean
  readonly now: number
  /** The name of the act that was just done. */
  readonly done: string
}

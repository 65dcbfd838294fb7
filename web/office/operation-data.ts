/** The data that the page of the operation and its panels show. */
import type {
  LastBackup,
  OverdueSaga,
  OwedItem,
  StepTime,
  UnmatchedPayment,
} from '../../clients/typescript/operations.ts'
import type { Letter, Request } from './every-service.server.ts'
import type { ServiceHealth } from './health.server.ts'
import type { Queue } from './queues.server.ts'

export interface OperationData {
  readonly services: readonly ServiceHealth[]
  readonly deadLetters: readonly Letter[]
  readonly approvals: readonly Request[]
  readonly late: readonly OverdueSaga[]
  readonly unmatched: readonly UnmatchedPayment[]
  readonly owed: readonly OwedItem[]
  /** Of the customers who are owed, by id. */
  readonly names: Readonly<Record<number, string>>
  /** Messages that are not sent yet, by service; for admins. */
  readonly queues: Readonly<Record<string, Queue>> | undefined
  readonly steps: readonly StepTime[]
  /** For admins. */
  readonly backup: LastBackup | undefined
  readonly admin: boolean
  readonly now: number
  /** The name of the act that was just done. */
  readonly done: string
}

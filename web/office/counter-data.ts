/** What the page of a sale at the counter and its panels show. */
import type { PaymentCode, Saga } from '../../clients/typescript/operations.ts'
import type { Listed } from '../store/photo-files.ts'
import type { Parts } from './counter-parts.ts'

export interface CounterSaleData {
  readonly saga: Saga
  /** The buyer's. */
  readonly name: string
  readonly vehicle: Listed & { readonly license_plate: string }
  /** Absent where the role hides it, and until it is made. */
  readonly code: Pick<PaymentCode, 'code' | 'status'> | undefined
  readonly money: Parts | undefined
  readonly isOperator: boolean
  /** Of the form that enters a part: sent twice, it enters once. */
  readonly key: string
  readonly done: string
}

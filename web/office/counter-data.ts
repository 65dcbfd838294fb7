/** The data that the page of a sale at the counter and its panels show. */
import type { PaymentCode, Saga } from '../../clients/typescript/operations.ts'
import type { Listed } from '../store/photo-files.ts'
import type { Parts } from './counter-parts.ts'

export interface CounterSaleData {
  readonly saga: Saga
  /** The name of the buyer. */
  readonly name: string
  readonly vehicle: Listed & { readonly license_plate: string }
  /** Undefined until it is made, and for roles that may not see it. */
  readonly code: Pick<PaymentCode, 'code' | 'status'> | undefined
  readonly money: Parts | undefined
  readonly isOperator: boolean
  /** The idempotency key of the form that enters a part: a form that is sent twice counts once. */
  readonly key: string
  readonly done: string
}

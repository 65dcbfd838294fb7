/** The data that the page of the shop's money and its panels show. */
import type { Closing, OwedItem, Payment, PaymentDebt, UnmatchedPayment } from '../../clients/typescript/operations.ts'

export interface MoneyData {
  readonly came: readonly Payment[]
  readonly promised: readonly Payment[]
  readonly debts: readonly PaymentDebt[]
  readonly unmatched: readonly UnmatchedPayment[]
  readonly owed: readonly OwedItem[]
  /** Of the customers who are owed, by id. */
  readonly names: Readonly<Record<number, string>>
  readonly closings: readonly Closing[]
  readonly admin: boolean
  /** The present day in São Paulo. */
  readonly today: string
  /** The idempotency key of the forms that close a day or month: a form that is sent twice counts once. */
  readonly key: string
  readonly now: number
  readonly done: string
}

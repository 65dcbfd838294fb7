/** What the page of the house's money and its panels show. */
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
  /** In São Paulo. */
  readonly today: string
  /** Of the forms that close: sent twice, they close once. */
  readonly key: string
  readonly now: number
  readonly done: string
}

/** A fact about one vehicle, as the reports keep it. */
import type { Account, Sellers } from '../domain/ledger.ts'

/** `key` is the same for every copy of one message. */
export type Fact = { readonly key: string; readonly at: string; readonly vehicle_id: number } & (
  | { readonly kind: 'account'; readonly account: Account }
  | {
      readonly kind: 'sale'
      readonly transaction_id: string
      readonly amount_cents: number
      readonly payment_type: string
      readonly seller: string
      readonly sellers?: Sellers | undefined
    }
  | { readonly kind: 'return'; readonly purchase_id: string }
  | { readonly kind: 'sellers'; readonly transaction_id: string; readonly sellers: Sellers }
  | {
      readonly kind: 'failure'
      readonly transaction_id: string
      readonly payment_type: string
      readonly reason: string
    }
)

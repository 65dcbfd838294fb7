/** What was heard of one vehicle, as the reports keep it. */
import type { Account, Sellers } from '../domain/ledger.ts'

/** Of one vehicle; `key` is the same whenever the same is heard. */
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
  | {
      readonly kind: 'failure'
      readonly transaction_id: string
      readonly payment_type: string
      readonly reason: string
    }
)

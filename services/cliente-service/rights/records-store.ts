/** The SQL of the data held here about one person, apart from their own row. */
import type { Queryable } from '#platform/database/database'
import type { BoughtVehicle } from '../catalogue/catalogue-store.ts'
import type { StatementLine } from '../credit/statement-store.ts'
import type { CreditHold } from '../domain/credit-hold.ts'

export type HeldHold = CreditHold & { readonly created_at: Date; readonly updated_at: Date }

export const holdsOf = (tx: Queryable, customer_id: number) =>
  tx.query<HeldHold>(
    `select transaction_id, customer_id, payment_type, amount_cents, status, reason, created_at, updated_at
     from credit_holds where customer_id = $1 order by created_at, transaction_id`,
    [customer_id],
  )

export const ledgerOf = (tx: Queryable, customer_id: number) =>
  tx.query<StatementLine>(
    `select id, customer_id, kind, account, transaction_id, amount_cents, balance_after_cents, credit_after_cents, at
     from ledger where customer_id = $1 order by id`,
    [customer_id],
  )

export const purchasesOf = (tx: Queryable, customer_id: number) =>
  tx.query<BoughtVehicle>(
    `select vehicle_id, brand, model, year, color, paid_cents as price_cents, transaction_id, bought_at
     from vehicle_catalogue where buyer_id = $1 order by bought_at`,
    [customer_id],
  )

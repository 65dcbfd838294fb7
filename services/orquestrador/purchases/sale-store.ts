/** The SQL of sellers, their sales, and the channel of each sale. */
import type { Channel } from '#contracts'
import type { Queryable, Tx } from '#platform/database/database'
import type { Sellers } from '../domain/ledger.ts'
import type { PurchaseRequest } from '../purchase-saga.ts'
import { sellersOf } from './sellers.ts'

/** `asked`: the present seller of an approved sale, who may have taken over from somebody who left. */
export function insertSellers(
  tx: Tx,
  transaction_id: string,
  purchase: PurchaseRequest,
  asked?: { readonly subject: string; readonly role: string },
): void {
  const sellers = [...new Set([...sellersOf(purchase), ...(asked?.role === 'staff' ? [asked.subject] : [])])]
  if (sellers.length === 0) return
  const insert = `insert into sale_sellers (seller, transaction_id) select unnest($1::text[]), $2 on conflict do nothing`
  tx.write(insert, [sellers, transaction_id])
}

/** A return belongs to the seller of its purchase. */
export async function isSoldBy(tx: Queryable, seller: string, transaction_id: string): Promise<boolean> {
  const found = await tx.query(
    `select from sale_sellers where seller = $1 and transaction_id = coalesce(
       (select purchase_id from purchase_returns where return_id = $2::uuid), $2::uuid)`,
    [seller, transaction_id],
  )
  return found.length > 0
}

/** Moves the sales of somebody who has left to another person. Told again, it finds nothing to move. */
export async function handOverSales(tx: Tx, from: string, to: string): Promise<void> {
  await tx.query(
    `insert into sale_sellers (seller, transaction_id) select $2, transaction_id from sale_sellers where seller = $1
     on conflict do nothing`,
    [from, to],
  )
  await tx.query(`delete from sale_sellers where seller = $1 and $1 <> $2`, [from, to])
}

/** A failed or cancelled purchase makes nobody the seller's customer: a seller could begin one only for that. */
export async function sellsTo(tx: Queryable, seller: string, customer_id: number): Promise<boolean> {
  const found = await tx.query(
    `select from sagas join sale_sellers using (transaction_id) where customer_id = $1 and seller = $2
       and status not in ('FAILED', 'FAILED_COMPENSATED', 'CANCELLED') limit 1`,
    [customer_id, seller],
  )
  return found.length > 0
}

/** A condition: the saga is a sale of the seller in that parameter, or a return of one. */
export const amongSalesOf = (parameter: string) =>
  `transaction_id in (
     select transaction_id from sale_sellers where seller = ${parameter}
     union all
     select return_id from sale_sellers join purchase_returns on purchase_id = transaction_id where seller = ${parameter})`

/** Call it with the purchase locked. It sets the time of change, so that remembered states are read again. */
export const updateChannel = (tx: Tx, transaction_id: string, channel: Channel, now: Date): void =>
  tx.write(
    `update sagas set data = (data::jsonb || jsonb_build_object('channel', $2::text))::json, updated_at = $3
     where transaction_id = $1`,
    [transaction_id, channel, now],
  )

/** The same for its sellers: those who no longer find it among their sales, and those who do. */
export function updateSellers(
  tx: Tx,
  transaction_id: string,
  sellers: Sellers,
  { leaving, finding }: { readonly leaving: readonly string[]; readonly finding: readonly string[] },
  now: Date,
): void {
  tx.write(
    `update sagas set data = (data::jsonb || jsonb_build_object('sellers', $2::jsonb))::json, updated_at = $3
     where transaction_id = $1`,
    [transaction_id, JSON.stringify(sellers), now],
  )
  tx.write(`delete from sale_sellers where transaction_id = $1 and seller = any($2::text[])`, [transaction_id, leaving])
  tx.write(`insert into sale_sellers (seller, transaction_id) select unnest($1::text[]), $2 on conflict do nothing`, [
    finding,
    transaction_id,
  ])
}

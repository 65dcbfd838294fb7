/** The SQL behind the list of erasures that is kept outside the databases. */
import type { Queryable } from '#platform/database/database'

/** Erased here and not on the list yet. */
export const unlisted = (tx: Queryable, limit: number) =>
  tx.query<{ customer_id: number; registered_at: Date; requested_at: Date }>(
    `select customer_id, customers.created_at as registered_at, requested_at
     from customer_erasures join customers on customers.id = customer_id
     where listed_at is null and open_account is null order by customer_id limit $1`,
    [limit],
  )

export async function markListed(tx: Queryable, customer_ids: readonly number[], now: Date): Promise<void> {
  await tx.query(`update customer_erasures set listed_at = $2 where customer_id = any($1::bigint[])`, [
    customer_ids,
    now,
  ])
}

/** Marks those as not listed who are missing from the list; resolves to how many they are. */
export async function markUnlisted(
  tx: Queryable,
  listed: readonly { readonly customer_id: number }[],
): Promise<number> {
  const rows = await tx.query(
    `update customer_erasures set listed_at = null
     where listed_at is not null and customer_id <> all($1::bigint[]) returning customer_id`,
    [listed.map(({ customer_id }) => customer_id)],
  )
  return rows.length
}

/** Those on the list that this database has neither erased nor been asked to erase. */
export async function stillKnown(
  tx: Queryable,
  listed: readonly { readonly customer_id: number; readonly registered_at: string }[],
): Promise<number[]> {
  const rows = await tx.query<{ id: number }>(
    `select distinct customers.id from unnest($1::bigint[], $2::timestamptz[]) as listed(customer_id, registered_at)
     join customers on customers.id = listed.customer_id
       and date_trunc('milliseconds', customers.created_at) = listed.registered_at
     where status <> 'erased' and not exists (select from customer_erasures where customer_id = customers.id) order by 1`,
    [listed.map(({ customer_id }) => customer_id), listed.map(({ registered_at }) => registered_at)],
  )
  return rows.map(({ id }) => id)
}

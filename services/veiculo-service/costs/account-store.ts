/** The SQL of vehicles as the owner's books have them. */
import type { BodyOf, vehicleAccounted } from '#contracts'
import type { Queryable, Tx } from '#platform/database/database'

type Account = BodyOf<typeof vehicleAccounted>

const ACCOUNTS = `select vehicles.id as vehicle_id, revision, brand, model, year, status, price_cents,
    to_char(created_at at time zone 'America/Sao_Paulo', 'YYYY-MM-DD') as taken_in_on, acquired_at::text as acquired_on, source, cost_cents,
    (owner_share_percent * 100)::int as owner_share_basis_points, coalesce((select sum(amount_cents) from vehicle_expenses where vehicle_id = vehicles.id), 0)::bigint as expenses_cents,
    case when status in ('sold', 'picked_up') and sold_to_transaction is null then sold_at end as sold_by_hand_at
  from vehicles left join vehicle_acquisitions on vehicle_acquisitions.vehicle_id = vehicles.id`

type Row = { readonly [Field in keyof Account]: Account[Field] | Date | null }

/** Leaves out the fields that are not known. */
const accounts = (rows: readonly Row[]): Account[] =>
  rows.map((row) => {
    const told = Object.entries(row).filter(([, value]) => value !== null)
    return Object.fromEntries(
      told.map(([name, value]) => [name, value instanceof Date ? value.toISOString() : value]),
    ) as Account
  })

export const findAccounts = async (tx: Queryable, ids: readonly number[]) =>
  accounts(await tx.query<Row>(`${ACCOUNTS} where vehicles.id = any($1::bigint[]) order by vehicles.id`, [ids]))

/** In the order of their ids, from the one behind `after` on. */
export const listAccounts = async (tx: Queryable, after: number, limit: number) =>
  accounts(await tx.query<Row>(`${ACCOUNTS} where vehicles.id > $1 order by vehicles.id limit $2`, [after, limit]))

/** Raises the vehicle's revision: messages carry it, and a new cost is a change too. */
export async function countChange(tx: Tx, id: number): Promise<void> {
  await tx.query(`update vehicles set revision = revision + 1 where id = $1`, [id])
}

/** The SQL of warranty claims. */
import type { Queryable, Tx } from '#platform/database/database'
import type { Claim } from '../domain/warranty.ts'

export const CLAIM_COLUMNS = `id, vehicle_id, transaction_id, customer_id, what, is_hidden, opened_at, opened_by, due_on::text, status, cost_cents,
  refund_cents, findings, closed_at, closed_by`

export type NewClaim = Pick<
  Claim,
  'vehicle_id' | 'transaction_id' | 'customer_id' | 'what' | 'is_hidden' | 'opened_at' | 'opened_by' | 'due_on'
>

export async function insertClaim(tx: Tx, claim: NewClaim): Promise<Claim> {
  const [row] = await tx.query<Claim>(
    `insert into warranty_claims (vehicle_id, transaction_id, customer_id, what, is_hidden, opened_at, opened_by, due_on, status)
     values ($1, $2, $3, $4, $5, $6, $7, $8::date, 'open') returning ${CLAIM_COLUMNS}`,
    [
      ...[claim.vehicle_id, claim.transaction_id, claim.customer_id, claim.what, claim.is_hidden],
      ...[claim.opened_at, claim.opened_by, claim.due_on],
    ],
  )
  if (!row) throw new Error('the insert returned no row')
  return row
}

export async function findClaim(tx: Queryable, id: number): Promise<Claim | undefined> {
  const [row] = await tx.query<Claim>(`select ${CLAIM_COLUMNS} from warranty_claims where id = $1`, [id])
  return row
}

/** Call it with the vehicle locked: claims change only behind that lock. */
export function updateClaim(
  tx: Tx,
  { id, status, cost_cents, refund_cents, findings, closed_at, closed_by }: Claim,
  approval_id: string | null,
): void {
  tx.write(
    `update warranty_claims set status = $2, cost_cents = $3, refund_cents = $4, findings = $5, closed_at = $6, closed_by = $7,
       approval_id = $8
     where id = $1`,
    [id, status, cost_cents, refund_cents, findings, closed_at, closed_by, approval_id],
  )
}

/**
 * What this person has taken off the prices of this customer since then without a second one. Claims of one customer wait for each
 * other here, so that none is left out of the sum.
 */
export async function abatedAlone(tx: Tx, customer_id: number | null, author: string, since: Date): Promise<number> {
  await tx.query(
    `select pg_advisory_xact_lock(hashtextextended('abatements of ' || coalesce($1::text, 'nobody'), 0))`,
    [customer_id],
  )
  const [found] = await tx.query<{ cents: number }>(
    `select coalesce(sum(refund_cents), 0)::bigint as cents from warranty_claims
     where customer_id is not distinct from $1 and closed_by = $2 and closed_at >= $3 and approval_id is null`,
    [customer_id, author, since],
  )
  return found?.cents ?? 0
}

export interface ClaimFilter {
  readonly status?: Claim['status'] | undefined
  readonly vehicle_id?: number | undefined
  readonly customer_id?: number | undefined
}

/** In order of their due dates. `after`: the last row of the previous page. */
export const listClaims = (
  tx: Queryable,
  { status, vehicle_id, customer_id }: ClaimFilter,
  after: { readonly day: string; readonly id: number } | null,
  limit: number,
) =>
  tx.query<Claim>(
    `select ${CLAIM_COLUMNS} from warranty_claims
     where ($1::text is null or status = $1) and ($2::bigint is null or vehicle_id = $2)
       and ($3::bigint is null or customer_id = $3)
       and ($4::date is null or (due_on, id) > ($4::date, $5::bigint))
     order by due_on, id limit $6`,
    [status ?? null, vehicle_id ?? null, customer_id ?? null, after?.day ?? null, after?.id ?? null, limit],
  )

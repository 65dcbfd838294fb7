/** The SQL of handovers. The proof that somebody may take a vehicle names people, so it is sealed. */
import type { Queryable, Tx } from '#platform/database/database'
import type { SealedTable } from '#platform/vault/reseal-store'
import type { Vault } from '#platform/vault/vault'
import type { Receiving } from '../domain/pickup.ts'

export const sealedHandovers = {
  name: 'vehicle_handovers',
  key: 'id',
  columns: ['proof'],
} as const satisfies SealedTable

export interface Handover extends Pick<Receiving, 'as' | 'proof'> {
  readonly vehicle_id: number
  /** Null for a sale by hand. */
  readonly transaction_id: string | null
  readonly at: Date
  readonly handed_over_by: string
  readonly shown: 'code' | 'document'
  readonly mileage_km: number | null
  readonly keys: number | null
  readonly has_manual: boolean | null
}

export async function insertHandover(tx: Tx, vault: Vault, handover: Handover): Promise<void> {
  const [sealer, [next]] = await Promise.all([
    vault.sealing(tx),
    tx.query<{ id: number }>(`select nextval(pg_get_serial_sequence('vehicle_handovers', 'id')) as id`),
  ])
  if (!next) throw new Error('the sequence has no number')
  const proof = handover.proof === null ? null : sealer.seal('vehicle_handovers.proof', next.id, handover.proof)
  tx.write(
    `insert into vehicle_handovers (id, vehicle_id, transaction_id, at, handed_over_by, shown, received_as, proof, mileage_km,
       keys, has_manual)
     overriding system value values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      ...[next.id, handover.vehicle_id, handover.transaction_id, handover.at, handover.handed_over_by],
      ...[handover.shown, handover.as, proof, handover.mileage_km, handover.keys, handover.has_manual],
    ],
  )
}

/** The handovers of these vehicles to these purchases. */
export async function findHandovers(
  tx: Queryable,
  vault: Vault,
  transaction_ids: readonly string[],
): Promise<Handover[]> {
  const rows = await tx.query<Handover & { id: number }>(
    `select id, vehicle_id, transaction_id, at, handed_over_by, shown, received_as as "as", proof, mileage_km, keys, has_manual
     from vehicle_handovers
     where vehicle_id = any(array(select vehicle_id from vehicle_reservations where transaction_id = any($1::uuid[])))
       and transaction_id = any($1::uuid[]) order by id`,
    [transaction_ids],
  )
  return Promise.all(
    rows.map(async ({ id, proof, ...rest }) => ({
      ...rest,
      // a damaged proof is shown as none, so that the rest can still be shown
      proof: proof === null ? null : await vault.open('vehicle_handovers.proof', id, proof).catch(() => null),
    })),
  )
}

/** Undefined once the buyer's records are erased. */
export async function buyerOfSale(tx: Queryable, transaction_id: string): Promise<number | undefined> {
  const [found] = await tx.query<{ customer_id: number }>(
    `select customer_id from vehicle_reservations where transaction_id = $1`,
    [transaction_id],
  )
  return found?.customer_id
}

/** The buyer of the purchase that a vehicle was sold to; undefined for a vehicle that is not sold to a purchase. */
export async function buyerOf(
  tx: Queryable,
  vehicle_id: number,
): Promise<{ transaction_id: string; customer_id: number } | undefined> {
  const [found] = await tx.query<{ transaction_id: string; customer_id: number }>(
    `select transaction_id, customer_id from vehicles join vehicle_reservations on transaction_id = sold_to_transaction
     where vehicles.id = $1 and vehicles.status = 'sold'`,
    [vehicle_id],
  )
  return found
}

/** The SQL of a vehicle's papers. */
import type { Queryable, Tx } from '#platform/database/database'
import { type Documents, type Invoice, NO_DOCUMENTS, type Papers } from '../domain/papers.ts'
import type { Restrictions } from '../domain/restrictions.ts'
import type { Unidentified } from '../domain/vehicle.ts'

export async function findPapers(tx: Queryable, vehicle_id: number): Promise<Papers> {
  const [rows, invoices] = await Promise.all([
    tx.query<{ documents: Documents }>(`select documents from vehicle_documents where vehicle_id = $1`, [vehicle_id]),
    tx.query<Invoice>(
      `select key, kind, status, value_cents, issued_on::text from vehicle_invoices
       where vehicle_id = $1 order by issued_on, key`,
      [vehicle_id],
    ),
  ])
  return { documents: { ...NO_DOCUMENTS, ...rows[0]?.documents }, invoices }
}

export interface Kept {
  readonly documents: Documents
  readonly settled: boolean
}

export async function upsertDocuments(
  tx: Tx,
  vehicle_id: number,
  { documents, settled }: Kept,
  author: string,
  at: Date,
): Promise<void> {
  await tx.query(
    `insert into vehicle_documents (vehicle_id, documents, settled, author, updated_at) values ($1, $2, $3, $4, $5)
     on conflict (vehicle_id) do update set documents = excluded.documents, settled = excluded.settled,
       author = excluded.author, updated_at = excluded.updated_at`,
    [vehicle_id, JSON.stringify(documents), settled, author, at],
  )
}

/** Throws InvoiceTaken when the key belongs elsewhere. */
export async function upsertInvoice(tx: Tx, vehicle_id: number, invoice: Invoice): Promise<void> {
  const { key, kind, status, value_cents, issued_on } = invoice
  const written = await tx.query(
    `insert into vehicle_invoices (key, vehicle_id, kind, status, value_cents, issued_on) values ($1, $2, $3, $4, $5, $6)
     on conflict (key) do update set status = excluded.status, value_cents = excluded.value_cents, issued_on = excluded.issued_on
       where vehicle_invoices.vehicle_id = excluded.vehicle_id and vehicle_invoices.kind = excluded.kind
     returning key`,
    [key, vehicle_id, kind, status, value_cents, issued_on],
  )
  if (written.length === 0) throw new InvoiceTaken(key)
}

/** The key belongs to another vehicle, or to another kind of note of the same. */
export class InvoiceTaken extends Error {
  constructor(key: string) {
    super(`the note ${key} is another's`)
  }
}

export async function updateRestrictions(tx: Tx, vehicle_id: number, restrictions: Restrictions): Promise<void> {
  await tx.query(`update vehicles set restrictions = $2 where id = $1`, [vehicle_id, JSON.stringify(restrictions)])
}

export type Candidate = Pick<
  Unidentified,
  'id' | 'brand' | 'model' | 'year' | 'status' | 'sold_at' | 'restrictions'
> & {
  readonly documents: Documents | null
  readonly invoices: readonly Invoice[]
}

/** Vehicles whose papers may be incomplete, in the order of their ids. */
export const listUnsettled = (tx: Queryable, after: number, limit: number) =>
  tx.query<Candidate>(
    `select vehicles.id, brand, model, year, status, sold_at, restrictions, documents,
       coalesce((select jsonb_agg(jsonb_build_object('key', key, 'kind', kind, 'status', invoice.status,
           'value_cents', value_cents, 'issued_on', issued_on::text))
         from vehicle_invoices as invoice where invoice.vehicle_id = vehicles.id), '[]') as invoices
     from vehicles left join vehicle_documents on vehicle_documents.vehicle_id = vehicles.id
     where vehicles.id > $1 and status <> 'returned_to_owner' and not coalesce(settled, false)
     order by vehicles.id limit $2`,
    [after, limit],
  )

/** The SQL of a customer's consents and corrections. Rows are only added, and are deleted with the person. */
import type { Queryable, Tx } from '#platform/database/database'
import type { ConsentChange } from '../domain/changes.ts'

export interface ConsentRecord extends ConsentChange {
  /** The version of the text that they agreed to, or withdrew from. */
  readonly text_version: string
  readonly at: Date
  readonly recorded_by: string
}

export interface CorrectionRecord {
  readonly fields: readonly string[]
  readonly reason: string | null
  readonly at: Date
  readonly recorded_by: string
}

export function insertConsents(tx: Tx, customer_id: number, records: readonly ConsentRecord[]): void {
  if (records.length === 0) return
  tx.write(
    `insert into customer_consents (customer_id, purpose, given, text_version, at, recorded_by)
     select $1, purpose, given, text_version, at, recorded_by
     from unnest($2::text[], $3::boolean[], $4::text[], $5::timestamptz[], $6::text[])
       with ordinality as t(purpose, given, text_version, at, recorded_by, n) order by n`,
    [
      customer_id,
      records.map((record) => record.purpose),
      records.map((record) => record.given),
      records.map((record) => record.text_version),
      records.map((record) => record.at),
      records.map((record) => record.recorded_by),
    ],
  )
}

export function insertCorrection(tx: Tx, customer_id: number, correction: CorrectionRecord): void {
  if (correction.fields.length === 0) return
  tx.write(
    `insert into customer_corrections (customer_id, fields, reason, at, recorded_by) values ($1, $2, $3, $4, $5)`,
    [customer_id, correction.fields, correction.reason, correction.at, correction.recorded_by],
  )
}

/** Oldest first: the last of each purpose is the valid one. */
export const consentsOf = (tx: Queryable, customer_id: number) =>
  tx.query<ConsentRecord>(
    `select purpose, given, text_version, at, recorded_by from customer_consents where customer_id = $1 order by id`,
    [customer_id],
  )

export const correctionsOf = (tx: Queryable, customer_id: number) =>
  tx.query<CorrectionRecord>(
    `select fields, reason, at, recorded_by from customer_corrections where customer_id = $1 order by id`,
    [customer_id],
  )

export async function forgetChanges(tx: Tx, customer_id: number): Promise<void> {
  await tx.query(`delete from customer_consents where customer_id = $1`, [customer_id])
  await tx.query(`delete from customer_corrections where customer_id = $1`, [customer_id])
}

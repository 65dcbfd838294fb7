/** The SQL that counts how many customers each person was shown. */
import type { Queryable, Tx } from '#platform/database/database'

export interface Reader {
  readonly subject: string
  readonly role: string
}

/** Counts so many more; returns the count of this hour. Of two at once, the second waits and adds to the first. */
export async function countReadings(tx: Tx, { subject, role }: Reader, customers: number, now: Date): Promise<number> {
  const [row] = await tx.query<{ customers: number }>(
    `insert into customer_readings (subject, hour, role, customers) values ($1, date_trunc('hour', $2::timestamptz), $3, $4)
     on conflict (subject, hour) do update set customers = customer_readings.customers + excluded.customers
     returning customers`,
    [subject, now, role, customers],
  )
  return row?.customers ?? customers
}

/** Whether this person has read this customer in this hour: a page that is opened again does not count again. */
export async function hasRead(tx: Tx, subject: string, customer_id: number, now: Date): Promise<boolean> {
  const found = await tx.query(
    `select from personal_data_access where about = 'customer' and about_id = $1 and subject = $2
       and at >= date_trunc('hour', $3::timestamptz) limit 1`,
    [customer_id, subject, now],
  )
  return found.length > 0
}

/** The most that one person was shown, in this hour or in the one before. */
export async function mostRead(tx: Queryable, now: Date): Promise<number> {
  const [row] = await tx.query<{ customers: number }>(
    `select coalesce(max(customers), 0)::int as customers from customer_readings
     where hour >= date_trunc('hour', $1::timestamptz) - interval '1 hour'`,
    [now],
  )
  return row?.customers ?? 0
}

export const forgetReadings = async (tx: Queryable, before: Date, limit: number): Promise<number> =>
  (
    await tx.query(
      `delete from customer_readings where (subject, hour) in (
         select subject, hour from customer_readings where hour < $1 order by hour limit $2 for update skip locked)
       returning 1 as gone`,
      [before, limit],
    )
  ).length

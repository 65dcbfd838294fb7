/** The SQL of the orquestrador's own purchase records, for an auditor. */
import type { PurchaseRecord } from '#contracts'
import type { Database } from '#platform/database/database'
import { toReais } from '#platform/money'
import { type GivenUp, givenUpOf } from '#saga'
import type { StoredSaga } from '../runner/saga-store.ts'

interface Row
  extends Pick<StoredSaga, 'transaction_id' | 'status' | 'step' | 'deadline' | 'unwinding' | 'updated_at'>,
    Pick<PurchaseRecord, 'customer_id' | 'vehicle_id' | 'payment_type'> {
  readonly amount_cents: number
  readonly given_up: readonly GivenUp[] | null
  readonly return_id: string | null
  readonly return_status: StoredSaga['status'] | null
  readonly return_step: string
  readonly return_deadline: Date | null
  readonly return_unwinding: StoredSaga['unwinding']
  readonly return_given_up: readonly GivenUp[] | null
  readonly received_at: string | null
}

const PURCHASES = `select bought.transaction_id, bought.customer_id, bought.vehicle_id, bought.amount_cents,
    bought.payment_type, bought.status, bought.step, bought.deadline, bought.unwinding, bought.updated_at,
    bought.data -> 'given_up' as given_up, back.transaction_id as return_id, back.status as return_status,
    back.step as return_step, back.deadline as return_deadline, back.unwinding as return_unwinding,
    back.data -> 'given_up' as return_given_up, back.data ->> 'received_at' as received_at
  from sagas bought
  left join purchase_returns on purchase_id = bought.transaction_id and purchase_returns.status <> 'cancelled'
  left join sagas back on back.transaction_id = purchase_returns.return_id
  where bought.definition = 'purchase'`

export const purchaseRecords = {
  page: async (database: Database, after: string, limit: number) =>
    (
      await database.query<Row>(`${PURCHASES} and bought.transaction_id > $1 order by bought.transaction_id limit $2`, [
        after,
        limit,
      ])
    ).map(recordOf),
  named: async (database: Database, ids: readonly string[]) =>
    (await database.query<Row>(`${PURCHASES} and bought.transaction_id = any($1::uuid[])`, [ids])).map(recordOf),
}

const recordOf = (row: Row): PurchaseRecord => ({
  transaction_id: row.transaction_id,
  customer_id: row.customer_id,
  vehicle_id: row.vehicle_id,
  amount: toReais(row.amount_cents),
  payment_type: row.payment_type,
  status: row.status,
  current_step: row.step,
  deadline: row.deadline?.toISOString() ?? null,
  given_up: stepsOf(row.unwinding, row.given_up),
  updated_at: row.updated_at.toISOString(),
  return: returnOf(row),
})

function returnOf(row: Row): PurchaseRecord['return'] {
  const { return_id, return_status: status } = row
  if (return_id === null || status === null) return null
  return {
    return_id,
    status,
    current_step: row.return_step,
    deadline: row.return_deadline?.toISOString() ?? null,
    given_up: stepsOf(row.return_unwinding, row.return_given_up),
    received: row.received_at !== null,
  }
}

const stepsOf = (unwinding: StoredSaga['unwinding'], given_up: readonly GivenUp[] | null): string[] =>
  givenUpOf({ unwinding, data: { given_up: given_up ?? [] } }).map(({ step }) => step)

/** The SQL of what the orquestrador tells an auditor of its purchases. */
import type { PurchaseRecord } from '#contracts'
import type { Database } from '#platform/database/database'
import { toReais } from '#platform/money'
import type { StoredSaga } from '../runner/saga-store.ts'

interface Row
  extends Pick<StoredSaga, 'transaction_id' | 'status' | 'step' | 'deadline' | 'unwinding' | 'updated_at'>,
    Pick<PurchaseRecord, 'customer_id' | 'vehicle_id' | 'payment_type'> {
  readonly amount_cents: number
}

const PURCHASES = `select transaction_id, customer_id, vehicle_id, amount_cents, payment_type, status, step, deadline,
    unwinding, updated_at
  from sagas`

export const purchaseRecords = {
  page: async (database: Database, after: string, limit: number) =>
    (
      await database.query<Row>(`${PURCHASES} where transaction_id > $1 order by transaction_id limit $2`, [
        after,
        limit,
      ])
    ).map(recordOf),
  named: async (database: Database, ids: readonly string[]) =>
    (await database.query<Row>(`${PURCHASES} where transaction_id = any($1::uuid[])`, [ids])).map(recordOf),
}

const recordOf = ({ amount_cents, step, deadline, unwinding, updated_at, ...same }: Row): PurchaseRecord => ({
  ...same,
  amount: toReais(amount_cents),
  current_step: step,
  deadline: deadline?.toISOString() ?? null,
  given_up: (unwinding?.given_up ?? []).map((one) => one.step),
  updated_at: updated_at.toISOString(),
})

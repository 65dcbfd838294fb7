/** The twin of orquestrador's return-store.ts in memory. */
import type * as real from '../../services/orquestrador/returns/return-store.ts'
import { on, staged, type Table } from './memory.ts'
import { sagas } from './memory-saga-store.ts'

export const purchaseReturns: Table<real.StoredReturn> = {
  name: 'purchase_returns',
  check(row, rows) {
    if (row.status === 'cancelled') return undefined
    for (const other of rows)
      if (other !== row && other.purchase_id === row.purchase_id && other.status !== 'cancelled')
        return 'purchase_returns_one_live'
    return undefined
  },
}

export const lockPurchase: typeof real.lockPurchase = (tx, purchase_id) =>
  on(
    tx,
    ({ get }) => {
      const found = get(sagas, purchase_id)
      return found?.definition === 'purchase' ? found : undefined
    },
    [sagas, () => [purchase_id]],
  )

export const purchasesWithReturn: typeof real.purchasesWithReturn = (tx, ids) =>
  on(tx, ({ rows }) =>
    [...rows(purchaseReturns).values()].flatMap(({ purchase_id, status }) =>
      ids.includes(purchase_id) && status !== 'cancelled' ? [purchase_id] : [],
    ),
  )

export const insertReturn: typeof real.insertReturn = (tx, made) => {
  const nothing = { received_at: null, received_by: null, mileage_km: null, notes: null, ended_at: null }
  staged(tx).insert(purchaseReturns, made.return_id, { ...made, ...nothing, status: 'open' })
}

export const recordReceived: typeof real.recordReceived = (tx, return_id, received) =>
  staged(tx).update(purchaseReturns, return_id, (row) => ({ ...row, ...received }))

export const endReturns: typeof real.endReturns = (tx, ended, now) => {
  for (const { return_id, status } of ended)
    staged(tx).update(purchaseReturns, return_id, (row) => ({ ...row, status, ended_at: now }))
}

export const findReturn: typeof real.findReturn = (tx, return_id) =>
  on(tx, ({ get }) => get(purchaseReturns, return_id))

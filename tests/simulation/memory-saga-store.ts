/** The twin of orquestrador's saga-store.ts in memory. */
import type { Saga } from '#saga'
import type * as real from '../../services/orquestrador/runner/saga-store.ts'
import { on, staged, type Table } from './memory.ts'

export * from '../../services/orquestrador/runner/saga-store.ts'

export const sagas: Table<real.StoredSaga> = { name: 'sagas' }
/** By a number that counts up. */
export const history: Table<real.HistoryEntry> = { name: 'saga_history' }

export const lockSagas: typeof real.lockSagas = (tx, ids) => {
  const keys = [...ids].sort()
  return on(tx, ({ get }) => keys.flatMap((id) => get(sagas, id) ?? []), [sagas, () => keys])
}

export const insertSagas: typeof real.insertSagas = (tx, begun, now) => {
  for (const saga of begun)
    staged(tx).insert(sagas, saga.transaction_id, { ...kept(saga), created_at: now, updated_at: now })
}

export const updateSagas: typeof real.updateSagas = (tx, changes, now) => {
  for (const { saga, from, as_of } of changes) {
    const { status, step, attempt, deadline, unwinding, resumptions, data, pickup_code } = kept(saga)
    const changing = { status, step, attempt, deadline, unwinding, resumptions, data, updated_at: now }
    staged(tx).update(sagas, saga.transaction_id, (row) => {
      const isStill =
        row.updated_at.getTime() === as_of?.getTime() && row.step === from.step && row.attempt === from.attempt
      if (as_of && !isStill) throw new Moved()
      return { ...row, ...changing, pickup_code: pickup_code ?? row.pickup_code }
    })
  }
}

class Moved extends Error {}
export const hasMoved: typeof real.hasMoved = (error) => error instanceof Moved

/** The saga as PostgreSQL would return it: its data went through JSON, and the pickup code comes from its own column. */
function kept(saga: Saga) {
  const { pickup_code = null, ...data } = JSON.parse(JSON.stringify(saga.data))
  return { ...saga, data: data as real.StoredSaga['data'], pickup_code: pickup_code as string | null }
}

export const insertHistory: typeof real.insertHistory = (tx, entries) => {
  for (const entry of entries) staged(tx).insert(history, staged(tx).nextId(), entry)
}

/** Those that a process of these versions can run. */
const isKnown = (known: Parameters<typeof real.findDue>[1]) => (saga: Saga) =>
  known.some(({ name, version }) => name === saga.definition && version === saga.version)

export const findDue: typeof real.findDue = (tx, known, now, limit) =>
  on(tx, ({ rows }) =>
    [...rows(sagas).values()]
      .filter(isKnown(known))
      .filter(({ deadline }) => deadline && deadline <= now)
      .sort((one, other) => (one.deadline?.getTime() ?? 0) - (other.deadline?.getTime() ?? 0))
      .slice(0, limit),
  )

export const nextDeadline: typeof real.nextDeadline = (tx, known) =>
  on(tx, ({ rows }) => {
    const own = [...rows(sagas).values()].filter(isKnown(known))
    const times = own.flatMap(({ deadline }) => deadline?.getTime() ?? [])
    return times.length > 0 ? new Date(Math.min(...times)) : null
  })

export const makeCallsDue: typeof real.makeCallsDue = (tx, known, now) =>
  on(tx, (memory) => {
    const calls = known.flatMap(({ steps }) => steps.flatMap(({ kind, name }) => (kind === 'call' ? [name] : [])))
    for (const saga of [...memory.rows(sagas).values()].filter(isKnown(known)))
      if (saga.deadline && calls.includes(saga.step))
        memory.update(sagas, saga.transaction_id, (row) => ({ ...row, deadline: now, updated_at: now }))
  })
